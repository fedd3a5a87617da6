#include "solvers/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/model.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

/// Few steps are enough from the square roots of the numbers of ratings, which are close to the singular vector.
constexpr int kPowerSteps = 4;

/// y ← |R − centre| x over the rows of a side, or with no centre y ← [R is observed] x.
void Multiply(const RatingsSide& side, std::optional<double> centre, const std::vector<double>& x,
              std::vector<double>& y) {
  for (Index row = 0; row < side.RowCount(); ++row) {
    const RatingsRow ratings = side.Row(row);
    double sum = 0.0;
    for (std::size_t j = 0; j < ratings.values.size(); ++j) {
      sum += (centre ? std::abs(ratings.values[j] - *centre) : 1.0) * x[ratings.others[j]];
    }
    y[row] = sum;
  }
}

double Norm(const std::vector<double>& x) {
  double squares = 0.0;
  for (const double value : x) squares += value * value;
  return std::sqrt(squares);
}

double LargestSingularValue(const Ratings& ratings, std::optional<double> centre) {
  std::vector<double> items(ratings.ItemCount());
  std::vector<double> users(ratings.UserCount());
  for (Index item = 0; item < ratings.ItemCount(); ++item) {
    items[item] = std::sqrt(static_cast<double>(ratings.ByItem().Count(item)));
  }
  double value = 0.0;
  for (int step = 0; step < kPowerSteps; ++step) {
    const double norm = Norm(items);
    if (!(norm > 0.0)) return 0.0;
    for (double& item : items) item /= norm;
    Multiply(ratings.ByUser(), centre, items, users);
    value = Norm(users);
    Multiply(ratings.ByItem(), centre, users, items);
  }
  return value;
}

Offset MostRatings(const RatingsSide& side) {
  Offset most = 0;
  for (Index row = 0; row < side.RowCount(); ++row) most = std::max(most, side.Count(row));
  return most;
}

/// Of sgd.
double StableStepRate(const Ratings& ratings, double centre, double regularization) {
  const auto [mean, largest] = DistancesFrom(ratings, centre);
  const double curvature = mean > 0.0 ? largest * (largest / mean) : 1.0;
  return 1.0 / (20.0 * curvature + regularization);
}

}  // namespace

double LearningRate(const TrainingOptions& options, int epoch) {
  double rate = options.learning_rate.value_or(0.0);
  for (int past = 1; past < epoch; ++past) rate *= options.learning_rate_decay;
  return rate;
}

double BiasLearningRate(const TrainingOptions& options, int epoch) {
  return options.bias_learning_rate > 0.0 ? options.bias_learning_rate : LearningRate(options, epoch);
}

double StableLearningRate(const Ratings& ratings, double centre, double regularization) {
  const double value = LargestSingularValue(ratings, centre);
  return 1.0 / (2.0 * (value > 0.0 ? value : LargestSingularValue(ratings, std::nullopt)) + regularization);
}

void ChooseOpen(const Ratings& ratings, Options& options) {
  ModelOptions& model = options.model;
  TrainingOptions& training = options.training;
  if (!TraitsOf(model.solver).in_rating_units) return;
  if (!model.initial_scale) model.initial_scale = OpenInitialScale(ratings, model);
  if (training.learning_rate) return;
  const bool batch = model.solver == SolverKind::kGradientDescent;
  const double centre = model.biases ? ratings.Mean() : 0.0;
  training.learning_rate = (batch ? StableLearningRate : StableStepRate)(ratings, centre, model.regularization);
  if (!model.biases || training.bias_learning_rate > 0.0) return;
  const double curvature =
      batch ? static_cast<double>(MostRatings(ratings.ByUser()) + MostRatings(ratings.ByItem())) : 100.0;
  training.bias_learning_rate = 1.0 / (curvature + model.BiasRegularization());
}

}  // namespace matfac
