#pragma once

#include <memory>
#include <optional>

#include "base/budget.h"
#include "base/parallel.h"
#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"
#include "model/solver_traits.h"

namespace matfac {

/// What a solver knows of the model after an epoch without another pass over the ratings.
struct Measured {
  double loss = 0.0;
  /// Of clipped predictions on the training ratings; NaN for implicit feedback.
  double train_rmse = 0.0;
};

/// One way to lower the objective; works in epochs on a model that the trainer owns.
class Solver {
 public:
  Solver() = default;
  Solver(const Solver&) = delete;
  Solver(Solver&&) = delete;
  Solver& operator=(const Solver&) = delete;
  Solver& operator=(Solver&&) = delete;
  virtual ~Solver() = default;

  /// Goes on with `epoch` (from 1) until it is whole (true) or the budget is used up (false). The model is the same
  /// however the epoch was sliced.
  virtual bool Work(int epoch, Model& model, Budget& budget) = 0;

  /// After a whole epoch, where the solver knows them; otherwise the trainer passes over the ratings.
  virtual std::optional<Measured> Measure() const { return std::nullopt; }

  /// True of a solver that works on numbers of its own and changes the model at the end of an epoch alone: the trainer
  /// needs no copy of the last whole epoch.
  virtual bool KeepsModelWhole() const { return false; }
};

/// The solver that the options name. The ratings and the workers outlive it.
std::unique_ptr<Solver> MakeSolver(const Ratings& ratings, const Options& options, Workers& workers);

}  // namespace matfac
