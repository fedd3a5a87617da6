#include "model/ordinal.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "base/errors.h"
#include "base/normal.h"
#include "model/option_table.h"
#include "model/sampled_scores.h"

namespace matfac {
namespace {

/// Of levels and cut points; the two variances come after them.
constexpr std::size_t kVariances = 2;

bool IsAscending(std::span<const float> numbers) {
  return std::ranges::adjacent_find(numbers, std::ranges::greater_equal()) == numbers.end();
}

double UnknownVariance(const OrdinalTerms& terms, Index user, Index item) {
  return (user == kUnknown ? terms.user_variance : 0.0F) + (item == kUnknown ? terms.item_variance : 0.0F);
}

}  // namespace

OrdinalTerms OrdinalTerms::Of(const Model& model) {
  const std::span<const float> terms = model.ordinal_terms;
  const std::size_t levels = (terms.size() - 1) / 2;
  return {.levels = terms.first(levels),
          .cuts = terms.subspan(levels, levels - 1),
          .user_variance = terms[2 * levels - 1],
          .item_variance = terms[2 * levels]};
}

std::size_t OrdinalTerms::LevelOf(float rating) const {
  const auto above = std::ranges::lower_bound(levels, rating);
  if (above == levels.begin()) return 0;
  const std::size_t level = above - levels.begin();
  if (above == levels.end()) return level - 1;
  return rating - levels[level - 1] <= levels[level] - rating ? level - 1 : level;
}

std::vector<float> PackedTerms(const OrdinalTerms& terms) {
  std::vector<float> packed;
  for (const float level : terms.levels) packed.push_back(level);
  for (const float cut : terms.cuts) packed.push_back(cut);
  packed.push_back(terms.user_variance);
  packed.push_back(terms.item_variance);
  return packed;
}

void CheckOrdinalTerms(std::span<const float> packed) {
  const std::size_t levels = (packed.size() - 1) / 2;
  if (packed.size() != 2 * levels + 1 || levels < kLeastLevels || levels > kMostLevels) {
    ThrowInvalid("ordinalTerms must be 2 to 64 levels, a cut point fewer, and two variances; it is {} numbers",
                 {packed.size()});
  }
  const auto check = [](std::string_view name, std::span<const float> numbers) {
    if (!IsAscending(numbers)) ThrowNotAllowed(name, "in ascending order", "not");
  };
  check("ordinalTerms (levels)", packed.first(levels));
  check("ordinalTerms (cut points)", packed.subspan(levels, levels - 1));
  for (const float variance : packed.last(kVariances)) {
    if (!(variance >= 0.0F)) ThrowNotAllowed("ordinalTerms (variances)", "0 or more", variance);
  }
}

std::vector<float> LevelsOf(const Ratings& ratings) {
  std::vector<float> levels;
  for (Index user = 0; user < ratings.UserCount() && levels.size() <= kMostLevels; ++user) {
    for (const float value : ratings.ByUser().Row(user).values) {
      const auto at = std::ranges::lower_bound(levels, value);
      if (at == levels.end() || *at != value) levels.insert(at, value);
    }
  }
  if (levels.size() >= kLeastLevels && levels.size() <= kMostLevels) return levels;
  ThrowInvalid("ratings must have 2 to 64 distinct values for the likelihood 'ordinal'; they have {}{}",
               {levels.size() > kMostLevels ? "at least " : "", levels.size()});
}

std::vector<float> FirstCuts(const Ratings& ratings, std::span<const float> levels, double mean, double deviation) {
  std::vector<double> counts(levels.size());
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    for (const float value : ratings.ByUser().Row(user).values) {
      counts[std::ranges::lower_bound(levels, value) - levels.begin()] += 1.0;
    }
  }
  std::vector<float> cuts;
  double below = 0.0;
  for (std::size_t cut = 0; cut + 1 < levels.size(); ++cut) {
    below += counts[cut];
    const double quantile = NormalQuantile(below / static_cast<double>(ratings.Size()));
    cuts.push_back(static_cast<float>(mean + std::numbers::sqrt2 * deviation * quantile));
    // A level that hardly anybody gives still has a place of its own in float32.
    if (cut > 0 && cuts[cut] <= cuts[cut - 1]) cuts[cut] = std::nextafter(cuts[cut - 1], INFINITY);
  }
  return cuts;
}

LatentValue LatentOf(const Model& model, Index user, Index item) {
  if (user != kUnknown) model.CheckUser(user);
  if (item != kUnknown) model.CheckItem(item);
  const double noise = model.scale * model.scale;
  if (user == kUnknown || item == kUnknown) {
    LatentValue value{.mean = model.mean, .variance = noise + UnknownVariance(OrdinalTerms::Of(model), user, item)};
    if (user != kUnknown) value.mean += model.UserBias(user);
    if (item != kUnknown) value.mean += model.ItemBias(item);
    return value;
  }
  const std::vector<float>& noises = model.posterior.user_noise;
  return {.mean = model.Score(user, item),
          .variance = (noises.empty() ? noise : noises[user]) + ScoreVariance(model, user, item)};
}

LevelSlope SlopeOf(const OrdinalTerms& terms, std::size_t level, double score, double deviation) {
  const bool is_first = level == 0;
  const bool is_last = level == terms.cuts.size();
  const double from = is_first ? -INFINITY : (terms.cuts[level - 1] - score) / deviation;
  const double to = is_last ? INFINITY : (terms.cuts[level] - score) / deviation;
  const NormalStretch stretch(from, to);
  const double probability = stretch.Probability();
  constexpr double kLeast = 1e-200;
  // As far out as this, the latent value is at the nearer end.
  if (probability < kLeast) return {.slope = from > 0.0 ? from : to, .curvature = 1.0};
  const double slope = (stretch.at_from.density - stretch.at_to.density) / probability;
  const double below = is_first ? 0.0 : from * stretch.at_from.density;
  const double above = is_last ? 0.0 : to * stretch.at_to.density;
  return {.slope = slope, .curvature = slope * slope + (above - below) / probability};
}

std::vector<double> LevelProbabilities(const OrdinalTerms& terms, const LatentValue& value) {
  const double inverse = 1.0 / std::sqrt(value.variance);
  std::vector<double> probabilities;
  NormalPoint from = NormalAt(-INFINITY);
  for (const float cut : terms.cuts) {
    const NormalPoint to = NormalAt((cut - value.mean) * inverse);
    probabilities.push_back(Between(from, to));
    from = to;
  }
  probabilities.push_back(from.above);
  return probabilities;
}

void CheckOrdinal(const Model& model) {
  if (IsOrdinal(model.options)) return;
  ThrowUnsupported(
      "distribution needs a model of the solver 'bayesian' trained with the likelihood 'ordinal'; this one is of '{}' "
      "with the likelihood 'gaussian'",
      {SolverName(model.options.solver)});
}

std::vector<double> Distribution(const Model& model, Index user, Index item, double shift) {
  CheckOrdinal(model);
  LatentValue value = LatentOf(model, user, item);
  value.mean += shift;
  return LevelProbabilities(OrdinalTerms::Of(model), value);
}

double ExpectedRating(const OrdinalTerms& terms, const LatentValue& value) {
  const double inverse = 1.0 / std::sqrt(value.variance);
  double rating = terms.levels[0];
  for (std::size_t cut = 0; cut < terms.cuts.size(); ++cut) {
    const double step = static_cast<double>(terms.levels[cut + 1]) - terms.levels[cut];
    rating += step * NormalAt((terms.cuts[cut] - value.mean) * inverse).above;
  }
  return rating;
}

}  // namespace matfac
