#pragma once

#include <memory>

#include "fold_in/preference_rule.h"
#include "fold_in/rule.h"
#include "rows/ridge.h"

namespace matfac {

/// variational: the mean of the visitor's posterior given the items, the prior and the common noise, as in training
/// (solvers/variational/variational_side.h), but for the items' covariances S_v, of which a model keeps the diagonal:
/// E v vᵀ is v vᵀ + diag S_v, and what the factors and the bias of an item share is left out. On standardized ratings
///   x = argmin Σ_j (r_j − b_j − b − u·v_j)² + Σ_d s_d (u_d − μ_d)² + λ_b / t (b − μ_b)²
///   s_d = λ_d / t + Σ_j S_vd,  s_d m_d = λ_d / t · μ_d
/// is a ridge regression about m (rows/ridge.h), with the prior mean μ = A f of RowPriors: the visitor's vector in who
/// takes what comes first. Folding the users in by it, in place of their trained rows, changes the RMSE of held-out
/// ratings from 0.8837 to 0.8826 on u1, 0.8337 to 0.8325 on latest-small, 0.7663 to 0.7670 on FilmTrust and 0.7278 to
/// 0.7279 on Douban; the diagonal takes F + 1 numbers per item where the whole takes (F + 1)(F + 2) / 2. Without
/// ratings μ = 0. Features add their weights to μ, with ratings or without.
///
/// u·v is linear in the ratings but for μ, of which each of the n ratings gets 1/n, but for what
/// features add to it:
///   u·v = Σ_j [ m·v / n + t_j (v_j − c̄)ᵀ S⁻¹ v ] with the targets t_j about m
class VariationalRule final : public FoldInRule {
 public:
  explicit VariationalRule(const Model& model);

  Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                 const FeaturesRow& features) const override;
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const override;
  std::vector<LatentValue> Estimate(std::span<const Index> items, std::span<const float> values,
                                    const FeaturesRow& features, std::span<const Index> asked) const override;

  /// The posterior variances of the visitor's factors and bias, in units of these (user_variances in model.h).
  std::vector<float> Variances(std::span<const Index> items, std::span<const float> values,
                               const FeaturesRow& features) const;

 private:
  /// The regression of a visitor, in units of a rating.
  struct Regression;

  Regression RegressionOf(std::span<const Index> items, std::span<const float> values,
                          const FeaturesRow& features) const;
  /// μ of a visitor, the bias last, without what the features add.
  std::vector<float> PriorMeans(std::span<const Index> items, std::span<const float> values,
                                const FeaturesRow& features) const;

  const Model& model_;
  std::unique_ptr<PreferenceRule> preference_;
};

}  // namespace matfac
