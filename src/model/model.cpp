#include "model/model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/portable_math.h"
#include "base/random.h"
#include "base/random_streams.h"
#include "model/ordinal.h"
#include "model/preference_terms.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

/// The standard deviation of a factor at the start.
double InitialDeviation(const Ratings& ratings, const ModelOptions& options, double scale) {
  const SolverTraits& traits = TraitsOf(options.solver);
  const double length = (options.initial_scale ? *options.initial_scale : OpenInitialScale(ratings, options)) /
                        std::sqrt(static_cast<double>(options.factors));
  // E|x||y| is 2/π for standard normal x and y.
  if (traits.is_non_negative) return length * std::sqrt(0.5 * std::numbers::pi * ratings.Mean());
  return traits.in_rating_units ? length : length * std::sqrt(scale);
}

/// The first `factors` columns of each row are normal with this deviation.
void FillRows(int factors, double deviation, Random random, FactorMatrix& rows) {
  for (Index row = 0; row < rows.rows(); ++row) {
    for (int f = 0; f < factors; ++f) rows(row, f) = static_cast<float>(deviation * random.Normal());
  }
}

FactorMatrix RandomFactors(Index rows, const ModelOptions& options, double deviation, const Random& random) {
  FactorMatrix factors = FactorMatrix::Zero(rows, options.samples * StrideOf(options.factors));
  const SolverTraits& traits = TraitsOf(options.solver);
  if (traits.has_factors) FillRows(options.factors, deviation, random, factors);
  if (traits.is_non_negative) factors = factors.cwiseAbs();
  return factors;
}

/// A layer whose items start at random; the rest follows from them.
void StartPreference(Index users, Index items, std::uint64_t seed, Model& model) {
  constexpr double kLength = 0.1;
  const int factors = model.options.preference_factors;
  model.taken_items = FactorMatrix::Zero(items, StrideOf(factors));
  FillRows(factors, kLength / std::sqrt(static_cast<double>(factors)), Random(seed, StreamOf(RandomUse::kTakenItems)),
           model.taken_items);
  model.liked_items = FactorMatrix::Zero(items, StrideOf(factors));
  model.liked_users = FactorMatrix::Zero(users, StrideOf(factors));
  model.preference_terms.assign(PreferenceTerms::LengthFor(model.options), 0.0F);
  model.preference_terms[0] = model.preference_terms[1] = model.preference_terms[PreferenceTerms::kDeviation] = 1.0F;
}

void CheckIndex(const char* name, Index index, Index count) {
  if (index >= 0 && index < count) return;
  ThrowInvalid("{} {} is outside 0 to {}", {name, index, count - 1});
}

}  // namespace

void Model::CheckUser(Index user) const { CheckIndex("user", user, UserCount()); }

void Model::CheckItem(Index item) const { CheckIndex("item", item, ItemCount()); }

double Model::Score(Index user, Index item) const {
  return Baseline() + UserBias(user) + ItemBias(item) + ItemFactors().Dot(RowOf(user_factors, user), item);
}

double Model::Clip(double score) const {
  return std::clamp(score, static_cast<double>(minimum), static_cast<double>(maximum));
}

double Model::Predict(Index user, Index item, double shift) const {
  if (IsOrdinal(options)) {
    LatentValue value = LatentOf(*this, user, item);
    value.mean += shift;
    return ExpectedRating(OrdinalTerms::Of(*this), value);
  }
  if (user != kUnknown) CheckUser(user);
  if (item != kUnknown) CheckItem(item);
  if (user != kUnknown && item != kUnknown) return Clip(Score(user, item) + shift);
  double score = IsImplicit(options.solver) ? 0.0 : mean;
  if (user != kUnknown) score += UserBias(user);
  if (item != kUnknown) score += ItemBias(item);
  return Clip(score + shift);
}

void AddImplicitPart(const Model& model, std::span<const Index> items, float scale, float* row) {
  const StoredRows implicit = model.ItemImplicit();
  if (implicit.Count() == 0 || items.empty()) return;
  const float weight = scale / std::sqrt(static_cast<float>(items.size()));
  std::vector<float> room;
  for (const Index item : items) kernels::Axpy(weight, implicit.Row(item, room), row, model.Stride());
}

std::vector<float> ItemWeights(const Ratings& ratings, double discount) {
  if (discount == 0.0) return {};
  std::vector<double> weights(ratings.ItemCount());
  double sum = 0.0;
  for (Index item = 0; item < ratings.ItemCount(); ++item) {
    const auto count = static_cast<double>(ratings.ByItem().Count(item));
    weights[item] = Exp(-discount * Log(std::max(count, 1.0)));
    sum += count * weights[item];
  }
  std::vector<float> scaled;
  scaled.reserve(weights.size());
  for (const double weight : weights) {
    scaled.push_back(static_cast<float>(weight * static_cast<double>(ratings.Size()) / sum));
  }
  return scaled;
}

double OpenInitialScale(const Ratings& ratings, const ModelOptions& options) {
  const double mean = DistancesFrom(ratings, options.biases ? ratings.Mean() : 0.0).mean;
  return 0.25 * std::sqrt(mean > 0.0 ? mean : 1.0);
}

Model InitialModel(const Ratings& ratings, const ModelOptions& options, std::uint64_t seed) {
  const SolverTraits& traits = TraitsOf(options.solver);
  Model model;
  model.options = options;
  const bool ranged = traits.feedback == Feedback::kRatings;
  if (ranged) model.scale = ratings.Deviation();
  const double deviation = InitialDeviation(ratings, options, model.scale);
  model.user_factors =
      RandomFactors(ratings.UserCount(), options, deviation, Random(seed, StreamOf(RandomUse::kInitialUsers)));
  model.item_factors =
      RandomFactors(ratings.ItemCount(), options, deviation, Random(seed, StreamOf(RandomUse::kInitialItems)));
  if (options.preference) StartPreference(ratings.UserCount(), ratings.ItemCount(), seed, model);
  if (traits.has_item_implicit) model.item_implicit.setZero(ratings.ItemCount(), model.Stride());
  if (options.biases) {
    if (traits.has_user_biases) model.user_bias.assign(ratings.UserCount(), 0.0F);
    model.item_bias.assign(ratings.ItemCount(), 0.0F);
  }
  if (traits.fold_in == FoldInKind::kImplicitRidge) model.item_weights = ItemWeights(ratings, options.discount);
  model.mean = ratings.Mean();
  model.minimum = ranged ? ratings.Minimum() : -std::numeric_limits<float>::infinity();
  model.maximum = ranged ? ratings.Maximum() : std::numeric_limits<float>::infinity();
  if (IsOrdinal(options)) {
    const std::vector<float> levels = LevelsOf(ratings);
    const std::vector<float> cuts = FirstCuts(ratings, levels, model.Baseline(), model.scale);
    model.ordinal_terms = PackedTerms({.levels = levels, .cuts = cuts});
  }
  return model;
}

}  // namespace matfac
