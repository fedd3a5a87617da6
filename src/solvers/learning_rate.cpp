#include "solvers/learning_rate.h"

#include <cmath>
#include <vector>

namespace matfac {
namespace {

/// Few steps are enough from the square roots of the numbers of ratings, which are close to the singular vector.
constexpr int kPowerSteps = 4;

/// y ← |R| x over the rows of a side.
void Multiply(const RatingsSide& side, const std::vector<double>& x, std::vector<double>& y) {
  for (Index row = 0; row < side.RowCount(); ++row) {
    const RatingsRow ratings = side.Row(row);
    double sum = 0.0;
    for (std::size_t j = 0; j < ratings.values.size(); ++j) {
      sum += std::abs(static_cast<double>(ratings.values[j])) * x[ratings.others[j]];
    }
    y[row] = sum;
  }
}

double Norm(const std::vector<double>& x) {
  double squares = 0.0;
  for (const double value : x) squares += value * value;
  return std::sqrt(squares);
}

double LargestSingularValue(const Ratings& ratings) {
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
    Multiply(ratings.ByUser(), items, users);
    value = Norm(users);
    Multiply(ratings.ByItem(), users, items);
  }
  return value;
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

double StableLearningRate(const Ratings& ratings) {
  const double value = LargestSingularValue(ratings);
  return value > 0.0 ? 0.5 / value : 1.0;
}

}  // namespace matfac
