#pragma once

#include "solvers/solver.h"

namespace matfac {

/// The baseline of every ranking: the score of an item is the number of its ratings, the same for every user. The count
/// is the item's bias; factors and user biases are zeros. There is nothing to minimize: the loss is 0.
class Popularity final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {.kind = SolverKind::kPopularity,
                                           .name = "popularity",
                                           .feedback = Feedback::kImplicit,
                                           .fold_in = FoldInKind::kPopularity,
                                           .has_factors = false,
                                           .model = {.factors = 1, .biases = true, .initial_scale = 1.0}};
  static constexpr TrainingOptions kTraining = {.epochs = 1};

  explicit Popularity(const Ratings& ratings) : ratings_(ratings) {}

  bool Work(int epoch, Model& model, Budget& budget) override;
  std::optional<Measured> Measure() const override;

 private:
  const Ratings& ratings_;
};

}  // namespace matfac
