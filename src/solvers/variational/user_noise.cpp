#include "solvers/variational/user_noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/portable_math.h"

namespace matfac {
namespace {

/// ψ(x) for x > 0: its recurrence up to 6, then the asymptotic series (Abramowitz and Stegun 6.3.18).
double Digamma(double x) {
  double shift = 0.0;
  while (x < 6.0) {
    shift += 1.0 / x;
    x += 1.0;
  }
  const double s = 1.0 / (x * x);
  return Log(x) - 0.5 / x - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s / 240))) - shift;
}

/// ln Γ(x) for x > 0, likewise (6.1.41).
double LogGamma(double x) {
  double product = 1.0;
  while (x < 6.0) {
    product *= x;
    x += 1.0;
  }
  const double s = 1.0 / (x * x);
  return (x - 0.5) * Log(x) - x + 0.5 * Log(2.0 * std::numbers::pi) +
         (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s / 1680))) / x - Log(product);
}

constexpr float kFirstShape = 5.0F;
constexpr double kLeastShape = 0.5;
constexpr double kLargestShape = 1000.0;

/// α with log α − ψ(α) = gap, by Minka's starting value and Newton's steps on 1 / α.
double ShapeFor(double gap) {
  if (!(gap > 0.5 / kLargestShape)) return kLargestShape;
  double shape = (3.0 - gap + std::sqrt((gap - 3.0) * (gap - 3.0) + 24.0 * gap)) / (12.0 * gap);
  for (int step = 0; step < 5; ++step) {
    const double width = 1e-4 * shape;
    const double slope = (Digamma(shape + width) - Digamma(shape - width)) / (2.0 * width);
    const double inverse = 1.0 / shape + (Log(shape) - Digamma(shape) - gap) / (shape * shape * (1.0 / shape - slope));
    shape = std::clamp(1.0 / inverse, kLeastShape, kLargestShape);
  }
  return shape;
}

}  // namespace

UserNoise::UserNoise(const RatingsSide& users, float precision)
    : users_(users),
      gamma_{kFirstShape, kFirstShape / precision},
      precision_(users.RowCount(), precision),
      gamma_before_(gamma_),
      errors_before_(users.RowCount()) {
  for (Index user = 0; user < users.RowCount(); ++user) {
    errors_before_[user] = static_cast<float>(users.Count(user)) / precision;
  }
}

UserNoise::Posterior UserNoise::PosteriorOf(Index user, double squared_errors) const {
  const double shape = gamma_before_[0] + 0.5 * static_cast<double>(users_.Count(user));
  const double rate = gamma_before_[1] + 0.5 * squared_errors;
  return {.shape = shape, .rate = rate, .log_precision = Digamma(shape) - Log(rate)};
}

void UserNoise::Learn(std::span<const double> squared_errors) {
  gamma_before_ = gamma_;
  double mean = 0.0;
  double mean_log = 0.0;
  Index rated = 0;
  for (Index user = 0; user < users_.RowCount(); ++user) {
    errors_before_[user] = static_cast<float>(squared_errors[user]);
    const Posterior posterior = PosteriorOf(user, errors_before_[user]);
    precision_[user] = static_cast<float>(posterior.shape / posterior.rate);
    if (users_.Count(user) == 0) continue;
    mean += posterior.shape / posterior.rate;
    mean_log += posterior.log_precision;
    ++rated;
  }
  mean /= rated;
  mean_log /= rated;
  const double shape = ShapeFor(Log(mean) - mean_log);
  gamma_ = {static_cast<float>(shape), static_cast<float>(shape / mean)};
}

double UserNoise::FreeEnergy(std::span<const double> squared_errors) const {
  const double shape = gamma_[0];
  const double rate = gamma_[1];
  double sum = 0.0;
  for (Index user = 0; user < users_.RowCount(); ++user) {
    const auto count = static_cast<double>(users_.Count(user));
    if (count == 0.0) continue;
    const Posterior posterior = PosteriorOf(user, errors_before_[user]);
    const double precision = posterior.shape / posterior.rate;
    sum += 0.5 * (precision * squared_errors[user] - count * (posterior.log_precision - Log(2.0 * std::numbers::pi)));
    // KL between two Gamma distributions
    sum += (posterior.shape - shape) * posterior.log_precision - LogGamma(posterior.shape) + LogGamma(shape) +
           posterior.shape * Log(posterior.rate) - shape * Log(rate) + (rate - posterior.rate) * precision;
  }
  return sum;
}

void UserNoise::AddTo(std::vector<std::span<float>>& state) {
  state.insert(state.end(), {gamma_, precision_, gamma_before_, errors_before_});
}

}  // namespace matfac
