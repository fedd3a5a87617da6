#pragma once

#include <span>

#include "model/model.h"

namespace matfac {

/// What the solver variational has learned beside its rows: model.row_priors, read by name. All counts on standardized
/// ratings.
struct RowPriors {
  /// Λ, one precision for each factor, then one for the bias.
  std::span<const float> precisions;
  /// (F + 1) × features, row by row: the prior mean of entry d is a_d·f with f = [1, preference factors, log(1 + n)].
  std::span<const float> weights;
  /// Variance of a rating about r̂ of a user who is not in the model.
  float noise = 1.0F;

  /// 1, the P preference factors, and the logarithm of 1 + the number of ratings.
  static int FeaturesOf(const ModelOptions& options) {
    return 2 + (options.preference ? options.preference_factors : 0);
  }
  static std::size_t SideLength(const ModelOptions& options) {
    return static_cast<std::size_t>(options.factors + 1) * (1 + FeaturesOf(options));
  }
  /// The noise, then the users' precisions and weights, then the items'.
  static std::size_t LengthFor(const ModelOptions& options) { return 1 + 2 * SideLength(options); }

  /// Of the users. Needs a model of variational that is trained.
  static RowPriors OfUsers(const Model& model) {
    const std::span<const float> numbers = model.row_priors;
    const std::size_t entries = model.options.factors + 1;
    return {.precisions = numbers.subspan(1, entries),
            .weights = numbers.subspan(1 + entries, SideLength(model.options) - entries),
            .noise = numbers[0]};
  }
};

}  // namespace matfac
