#pragma once

#include "fold_in/rule.h"
#include "rows/implicit_ridge.h"

namespace matfac {

/// popularity: the same profile for every visitor; the ratings add nothing to u·v = 0.
class PopularityRule final : public FoldInRule {
 public:
  explicit PopularityRule(const Model& model) : stride_(model.Stride()) {}

  Profile FoldIn(std::span<const Index> /*items*/, std::span<const float> values,
                 const FeaturesRow& /*features*/) const override {
    RequireWeights(SolverKind::kPopularity, values);
    return {.factors = std::vector<float>(stride_)};
  }
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values,
                             const FeaturesRow& /*features*/, Index /*item*/) const override {
    RequireWeights(SolverKind::kPopularity, values);
    return std::vector<float>(items.size());
  }

 private:
  int stride_;
};

}  // namespace matfac
