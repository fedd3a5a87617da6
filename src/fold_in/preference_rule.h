#pragma once

#include <span>
#include <vector>

#include "data/features.h"
#include "model/model.h"
#include "model/preference_terms.h"
#include "rows/gram.h"
#include "rows/preference_row.h"

namespace matfac {

/// A visitor in the preference layer of a model, as its own users are (rows/preference_row.h). Needs a model with
/// preference, which must outlive the rule and stay the same.
class PreferenceRule {
 public:
  /// Sums the items' Gram matrix, about P² / 2 multiply-adds per item.
  explicit PreferenceRule(const Model& model);

  /// Each of length P, padded.
  struct Vectors {
    std::vector<float> taken;
    std::vector<float> liked;
  };
  /// The visitor's features are added to the population's mean.
  Vectors FoldIn(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features) const;
  /// What each rating adds to the product of `liked` and the item's row of liked_items, in the order of `items`.
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const;

 private:
  /// The visitor's row, and the rows of the rated items that it refers to.
  class VisitorRow;

  const Model& model_;
  PreferenceTerms terms_;
  Gram gram_;
};

}  // namespace matfac
