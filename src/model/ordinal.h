#pragma once

#include <span>
#include <vector>

#include "data/ratings.h"
#include "model/model.h"

namespace matfac {

/// How many levels ratings may have.
inline constexpr std::size_t kLeastLevels = 2;
inline constexpr std::size_t kMostLevels = 64;

/// The likelihood 'ordinal' (Albert and Chib 1993, "Bayesian analysis of binary and polychotomous response data"): a
/// rating is level s where its latent value z ~ N(r̂, σ²) is between cut point s − 1 and cut point s, with the first
/// and the last level open below and above. σ is the standard deviation of the ratings, Model::scale, so that r̂ and
/// the cut points have about the size of ratings. Read by name from Model::ordinal_terms: the levels, the cut points
/// and the two variances.
struct OrdinalTerms {
  /// The distinct ratings, ascending, and the cut points between them, one fewer.
  std::span<const float> levels;
  std::span<const float> cuts;
  /// Of r̂ for a user, or an item, that is not in the model.
  float user_variance = 0.0F;
  float item_variance = 0.0F;

  /// Needs a model with this likelihood; the terms are valid as long as its.
  static OrdinalTerms Of(const Model& model);

  /// The level that is nearest to a rating, from 0.
  std::size_t LevelOf(float rating) const;
};

inline bool IsOrdinal(const ModelOptions& options) { return options.likelihood == Likelihood::kOrdinal; }

/// Throws UnsupportedError for a model of another likelihood.
void CheckOrdinal(const Model& model);

std::vector<float> PackedTerms(const OrdinalTerms& terms);

/// Throws std::invalid_argument for numbers that are no ordinal terms.
void CheckOrdinalTerms(std::span<const float> packed);

/// The distinct values. Throws std::invalid_argument for fewer or more than a model can have.
std::vector<float> LevelsOf(const Ratings& ratings);

/// The cut points at which z ~ N(mean, 2 σ²) gives each level its share of the ratings.
std::vector<float> FirstCuts(const Ratings& ratings, std::span<const float> levels, double mean, double deviation);

/// What is known of a rating, or of the latent value of an ordered one.
struct LatentValue {
  double mean = 0.0;
  double variance = 0.0;
};

/// Of a pair, by the samples of the model, σ² included; either may be kUnknown. Throws std::invalid_argument for any
/// other index outside the model.
LatentValue LatentOf(const Model& model, Index user, Index item);

/// d/dr̂ log P(s) and −d²/dr̂² log P(s) of a level at a score with noise of this standard deviation, in units of it.
struct LevelSlope {
  double slope = 0.0;
  double curvature = 0.0;
};
LevelSlope SlopeOf(const OrdinalTerms& terms, std::size_t level, double score, double deviation);

/// P(s) = Φ((c_s − m)/√v) − Φ((c_{s−1} − m)/√v) of each level; they sum to 1.
std::vector<double> LevelProbabilities(const OrdinalTerms& terms, const LatentValue& value);

/// The probability of each level for a pair whose score is shifted by this much. Throws UnsupportedError for a model of
/// another likelihood, and as LatentOf.
std::vector<double> Distribution(const Model& model, Index user, Index item, double shift);

/// Σ_s level_s P(s).
double ExpectedRating(const OrdinalTerms& terms, const LatentValue& value);

}  // namespace matfac
