#pragma once

#include "solvers/solver.h"

namespace matfac {

/// The baseline of every ranking: the score of an item is the number of its ratings, the same for every user. The count
/// is the item's bias; factors and user biases are zeros. There is nothing to minimize: the loss is 0.
class Popularity final : public Solver {
 public:
  explicit Popularity(const Ratings& ratings) : ratings_(ratings) {}

  bool Work(int epoch, Model& model, Budget& budget) override;
  std::optional<Measured> Measure() const override;

 private:
  const Ratings& ratings_;
};

}  // namespace matfac
