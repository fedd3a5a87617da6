#pragma once

#include "base/random.h"
#include "fold_in/rule.h"
#include "rows/ridge.h"

namespace matfac {

/// bayesian: in each sample s that the model keeps, the mean of the visitor's posterior given that sample's items,
/// prior and noise, which is a ridge regression about the prior (ridge.h) with λ_s / α_s:
///   targets r − level_s − b_i, rows q_i + μ_q, prior mean Σ_j y_j / √n over the n items rated (+ μ_p without biases)
/// With features the prior is that of users who have them: its mean Σ_j f_j y_j about that of a user whose features are
/// not known, and its variance less than theirs. A visitor's noise is assumed to be the common one. The profile has p_s
/// in sample s's columns, and the mean over the samples of the bias b_s + p_s·μ_q, as the model's own users have
/// (posterior in model.h).
///
/// With m for the prior mean and S, v̄ and t of RidgeSystem, where the targets t_j are the residuals of m, u·v of one
/// sample is linear in the ratings:
///   p·q = Σ_j [ y_j·q / √n + t_j (v_j − c̄)ᵀ S⁻¹ q ] (+ μ_p·q, of which each of the n ratings gets 1/n)
///
/// The variance of a rating follows by the law of total variance from the samples' means r̂_s and from each sample's
/// own normal posterior. At the item's row v = q + μ_q the variance of b + p·v is
///   [(v − c̄)ᵀ S⁻¹ (v − c̄) + 1 / W] / α_s
/// and that of a rating
///   Var_s r̂_s + mean over s of ([(v − c̄)ᵀ S⁻¹ (v − c̄) + 1 / W + 1] / α_s)
/// without the 1 / W of the bias in a model without biases.
///
/// A row of the model itself is a draw from the posterior in each sample, as the model's own rows are, so that the
/// spread of its scores over the samples is that of its posterior. Its normals are drawn in pairs z and −z, for
/// neighbours of the chain, and scaled to a sample variance of 1: scores differ little from those of the profile.
class BayesianRule final : public FoldInRule {
 public:
  explicit BayesianRule(const Model& model) : model_(model) {}

  Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                 const FeaturesRow& features) const override;
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const override;
  std::vector<LatentValue> Estimate(std::span<const Index> items, std::span<const float> values,
                                    const FeaturesRow& features, std::span<const Index> asked) const override;

  /// The factors and, in a model with biases, the biases of each sample.
  struct Row {
    std::vector<float> factors;
    std::vector<float> biases;
  };
  Row Draw(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
           Random random) const;

 private:
  const Model& model_;
};

}  // namespace matfac
