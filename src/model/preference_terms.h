#pragma once

#include <span>

#include "model/model.h"

namespace matfac {

/// What a preference layer has beside its vectors: model.preference_terms, read by name.
struct PreferenceTerms {
  /// The weight of a rated pair, where every pair weighs 1 anyway.
  float confidence = 1.0F;
  /// λ; a row's ridge is λ × the weight of all its pairs.
  float regularization = 0.0F;
  /// Of the ratings trained on, which standardize a rating.
  float mean = 0.0F;
  float deviation = 1.0F;
  /// How often the layer was improved on these ratings.
  float sweeps = 0.0F;
  /// The mean of the vectors of the users who have ratings, of length P padded.
  std::span<const float> population;

  static constexpr std::size_t kMean = 2;
  static constexpr std::size_t kDeviation = 3;
  static constexpr std::size_t kNumbers = 5;
  static std::size_t LengthFor(const ModelOptions& options) { return kNumbers + StrideOf(options.preference_factors); }

  /// Needs a model with preference; the terms are valid as long as its.
  static PreferenceTerms Of(const Model& model) {
    const std::span<const float> terms = model.preference_terms;
    return {.confidence = terms[0],
            .regularization = terms[1],
            .mean = terms[kMean],
            .deviation = terms[kDeviation],
            .sweeps = terms[4],
            .population = terms.subspan(kNumbers)};
  }

  float Standardized(float rating) const { return (rating - mean) / deviation; }
  /// Of r̂ − mean in a score of preference.
  float RatingWeight() const { return 0.1F / deviation; }
};

}  // namespace matfac
