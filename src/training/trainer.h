#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/errors.h"
#include "data/features.h"
#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"
#include "training/warm_start.h"

namespace matfac {

struct EpochReport {
  int epoch = 0;
  int epochs = 0;
  /// The solver's objective, regularization included, after the epoch; for ratings in units of a squared rating.
  double loss = 0.0;
  double train_rmse = 0.0;
  /// NaN without validation ratings, and for implicit feedback.
  double validation_rmse = 0.0;
  /// For implicit feedback: NDCG of the first 10 (ranking_metrics.h), training ratings excluded, every validation pair
  /// relevant. NaN without validation ratings.
  double validation_ndcg = 0.0;
  /// The time of the solver for this epoch, without evaluation.
  double seconds = 0.0;
  double ratings_per_second = 0.0;
};

/// Ratings held out of the training; kUnknown stands for a user or an item that is not in the training ratings.
struct ValidationRatings {
  std::vector<Index> users;
  std::vector<Index> items;
  std::vector<float> values;
  /// Seconds since 1970; empty for ratings without times, which are predicted at the last times of their users.
  std::vector<double> times;
};

/// Trains a model, one epoch per step or in slices of time.
class Trainer {
 public:
  /// With a warm start, options.training.epochs counts the epochs after its own.
  /// Throws std::invalid_argument for options or validation ratings out of range, columns that differ in length,
  /// validation ratings that are not finite, a warm start or features that do not fit, and for implicit feedback when
  /// no user of the validation ratings is known. Features are those of the ratings' users and items, for a solver that
  /// reads them (SolverTraits). The ratings and the features are shared, and the ratings must not be null; all else is
  /// copied. Ratings in a store are for some solvers (SolverTraits), which then work on one thread whatever
  /// options.training.threads says.
  Trainer(std::shared_ptr<const Ratings> ratings, const Options& options, ValidationRatings validation = {},
          const std::optional<WarmStart>& start = std::nullopt, std::shared_ptr<const SideFeatures> features = nullptr);
  Trainer(const Trainer&) = delete;
  Trainer(Trainer&& other) noexcept;
  Trainer& operator=(const Trainer&) = delete;
  Trainer& operator=(Trainer&& other) noexcept;
  ~Trainer();

  /// Runs one epoch. Needs !Finished(). Throws DivergenceError, and what a store throws: then Result() is the model of
  /// the last whole epoch, and there is no other step.
  EpochReport Step();
  /// Continues for about `seconds`; returns a report when an epoch ended. Needs !Finished(). Throws DivergenceError.
  std::optional<EpochReport> Advance(double seconds);
  /// True after the last epoch, when patience ran out, or when the solver has converged.
  bool Finished() const;
  /// The model of the best epoch under patience, else of the last complete one; the starting model before the first.
  /// The reference is into the trainer, and the next step changes the model.
  const Model& Result() const;
  int EpochsDone() const;
  /// The options, with the values that follow from the ratings and from a warm start.
  const Options& Resolved() const;

 private:
  class Training;
  std::unique_ptr<Training> training_;
};

}  // namespace matfac
