#pragma once

#include "fold_in/rule.h"
#include "rows/gram.h"
#include "rows/implicit_ridge.h"

namespace matfac {

/// implicit-als: the half-step of training in closed form, with the items fixed, exactly.
///
/// The score is linear in the weighted pairs (Hu, Koren and Volinsky 2008, section 5):
///   u = A⁻¹ Σ_j c_j v_j  ⇒  u·v = Σ_j c_j v_jᵀ A⁻¹ v
/// Without a pair of weight above 0 that would be 0 for every item; the visitor then has the PopularProfile, or with
/// features the prior mean m. With features and pairs u = A⁻¹ (λ m + Σ_j c_j v_j).
class ImplicitRule final : public FoldInRule {
 public:
  /// Sums the items' Gram matrix, about F² / 2 multiply-adds per item.
  explicit ImplicitRule(const Model& model) : model_(model), gram_(GramOf(model.ItemFactors())) {}

  Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                 const FeaturesRow& features) const override;
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const override;

 private:
  /// Factorizes A and fills `weights` with c_j.
  ImplicitRidge System(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                       std::vector<float>& weights) const;
  /// m, of length stride; empty without features.
  std::vector<float> PriorMean(const FeaturesRow& features) const;

  const Model& model_;
  Gram gram_;
};

}  // namespace matfac
