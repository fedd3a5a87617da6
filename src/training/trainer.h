#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"
#include "training/warm_start.h"

namespace matfac {

struct EpochReport {
  int epoch = 0;
  int epochs = 0;
  /// The solver's whole objective, regularization included, after the epoch.
  double loss = 0.0;
  double train_rmse = 0.0;
  /// NaN without validation ratings, and for implicit feedback.
  double validation_rmse = 0.0;
  /// Of implicit feedback: NDCG of the first 10 (ranking_metrics.h), training ratings excluded, every validation pair
  /// relevant. NaN without validation ratings.
  double validation_ndcg = 0.0;
  /// What the solver took for this epoch, evaluation not counted.
  double seconds = 0.0;
  double ratings_per_second = 0.0;
};

/// The loss is no longer a finite number. The trainer's model stays that of the last epoch before it.
class DivergenceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Ratings held out of the training; kUnknown stands for what the training ratings do not have.
struct ValidationRatings {
  std::vector<Index> users;
  std::vector<Index> items;
  std::vector<float> values;
};

/// Trains a model, an epoch a step or in slices of time.
class Trainer {
 public:
  /// With a warm start, options.training.epochs are those that come on top of its own.
  /// Throws std::invalid_argument for options or validation ratings out of range, columns that differ in length,
  /// validation ratings that are not finite, a warm start that does not fit, and for implicit feedback when no user of
  /// the validation ratings is known.
  /// Ratings are shared, all else is copied. Needs ratings that are not null.
  Trainer(std::shared_ptr<const Ratings> ratings, const Options& options, ValidationRatings validation = {},
          const std::optional<WarmStart>& start = std::nullopt);
  Trainer(const Trainer&) = delete;
  Trainer(Trainer&& other) noexcept;
  Trainer& operator=(const Trainer&) = delete;
  Trainer& operator=(Trainer&& other) noexcept;
  ~Trainer();

  /// One epoch. Needs !Finished(). Throws DivergenceError.
  EpochReport Step();
  /// Goes on for about `seconds`; a report when an epoch ended within them. Needs !Finished(). Throws DivergenceError.
  std::optional<EpochReport> Advance(double seconds);
  /// True after the last epoch, or when patience ran out.
  bool Finished() const;
  /// The best epoch under patience, else the last whole one; the starting model before the first. A reference into the
  /// trainer, which the next step changes.
  const Model& Result() const;
  int EpochsDone() const;
  /// With what follows from the ratings and from a warm start filled in.
  const Options& Resolved() const;

 private:
  class Training;
  std::unique_ptr<Training> training_;
};

}  // namespace matfac
