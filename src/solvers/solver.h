#pragma once

#include <memory>
#include <optional>

#include "base/budget.h"
#include "base/parallel.h"
#include "data/features.h"
#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"
#include "model/solver_traits.h"

namespace matfac {

/// The measures of an epoch that a solver knows without another pass over the ratings.
struct Measured {
  double loss = 0.0;
  /// Of clipped predictions on the training ratings; NaN for implicit feedback.
  double train_rmse = 0.0;
};

/// A way to lower the objective, in epochs, on a model that the trainer owns.
class Solver {
 public:
  Solver() = default;
  Solver(const Solver&) = delete;
  Solver(Solver&&) = delete;
  Solver& operator=(const Solver&) = delete;
  Solver& operator=(Solver&&) = delete;
  virtual ~Solver() = default;

  /// Continues with `epoch` (from 1) until it is complete (true) or the budget is used up (false). The model does not
  /// depend on how the epoch was sliced.
  virtual bool Work(int epoch, Model& model, Budget& budget) = 0;

  /// After a complete epoch, in a solver that knows them; for others the trainer passes over the ratings.
  virtual std::optional<Measured> Measure() const { return std::nullopt; }

  /// What the objective has beside that of the rows, which the trainer knows: the penalty of the features' weights.
  virtual double WeightPenalty() const { return 0.0; }

  /// True for a solver that works on its own numbers and changes the model only at the end of an epoch: the trainer
  /// needs no copy of the last complete epoch.
  virtual bool KeepsModelWhole() const { return false; }

  /// After a complete epoch: true when another one would hardly change the model, in a solver that can tell.
  virtual bool HasConverged() const { return false; }
};

/// The solver that the options name. The ratings, the workers and the features must outlive it. Throws
/// std::invalid_argument for features of a solver that reads none, and for those of another number of rows.
std::unique_ptr<Solver> MakeSolver(const Ratings& ratings, const Options& options, Workers& workers,
                                   const SideFeatures& features);

}  // namespace matfac
