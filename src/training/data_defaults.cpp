#include "training/data_defaults.h"

#include <algorithm>
#include <cmath>

#include "base/portable_math.h"
#include "model/solver_traits.h"
#include "rows/implicit_ridge.h"

namespace matfac {
namespace {

/// Of ratings: their numbers from which more factors are learned.
constexpr Offset kFewRatings = 10'000;
constexpr Offset kManyRatings = 500'000;

Index ActiveRows(const RatingsSide& side) {
  Index count = 0;
  for (Index row = 0; row < side.RowCount(); ++row) count += side.Count(row) > 0 ? 1 : 0;
  return count;
}

/// No factorization of the observed pairs needs more factors.
double Rank(const Ratings& ratings) { return std::min(ActiveRows(ratings.ByUser()), ActiveRows(ratings.ByItem())); }

/// std::cbrt does not promise the same bits everywhere.
double CubeRoot(double x) { return Exp(Log(x) / 3.0); }

bool IsRegularizationOpen(const ModelOptions& options) {
  return options.regularization == 0.0 && TraitsOf(options.solver).needs_regularization;
}

}  // namespace

int DefaultFactors(const Ratings& ratings) {
  constexpr double kScale = 6.0;
  constexpr int kStep = 8;
  constexpr int kLeast = 64;
  constexpr int kMost = 256;
  const auto steps = static_cast<int>(std::lround(kScale * CubeRoot(Rank(ratings)) / kStep));
  return std::clamp(kStep * steps, kLeast, kMost);
}

double DefaultRegularization(const Ratings& ratings) {
  constexpr double kScale = 0.075;
  return kScale / CubeRoot(Rank(ratings));
}

double DefaultConfidence(const Ratings& ratings, Weights weights) {
  constexpr double kScale = 0.7;
  double observed = 0.0;
  double sum = 0.0;
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    for (const float rating : ratings.ByUser().Row(user).values) {
      const float weight = WeightOf(weights, rating);
      observed += weight > 0.0F ? 1.0 : 0.0;
      sum += weight;
    }
  }
  if (!(sum > 0.0)) return 1.0;  // negative ratings, which the solver refuses, or zeros alone
  const double pairs = static_cast<double>(ActiveRows(ratings.ByUser())) * ActiveRows(ratings.ByItem());
  return kScale * std::sqrt(pairs / observed) * (observed / sum);
}

void FillOpen(const ModelOptions& from, ModelOptions& options) {
  if (options.factors == 0) options.factors = from.factors;
  if (options.confidence == 0.0) options.confidence = from.confidence;
  if (options.preference_factors == 0) options.preference_factors = from.preference_factors;
  if (IsRegularizationOpen(options)) options.regularization = from.regularization;
}

void FillFromData(const Ratings& ratings, ModelOptions& options) {
  if (TraitsOf(options.solver).feedback == Feedback::kRatings) {
    if (options.factors == 0) options.factors = ratings.Size() < kManyRatings ? 8 : 16;
    if (options.preference_factors == 0) options.preference_factors = ratings.Size() < kFewRatings ? 16 : 32;
  }
  if (options.factors == 0) options.factors = DefaultFactors(ratings);
  const bool open = options.confidence == 0.0 && TraitsOf(options.solver).reads.Has(OptionId::kConfidence);
  if (open) options.confidence = DefaultConfidence(ratings, options.weights);
  if (IsRegularizationOpen(options)) options.regularization = DefaultRegularization(ratings);
}

}  // namespace matfac
