#pragma once

#include <span>
#include <vector>

#include "model.h"
#include "ratings.h"

namespace matfac {

/// A user's side of the model: a user in it, or a visitor folded in.
struct Profile {
  /// F factors, padded with zeros to the model's stride.
  std::vector<float> factors;
  float bias = 0.0F;
};

/// The profile that fits a visitor's ratings best with the items fixed: for als exactly the half-step of training, for
/// the other solvers the ridge regression with their own regularization, which is raised to kLeastFoldInRegularization
/// where it is smaller, because a few ratings alone do not determine F factors.
/// Items are known and unique, items.size() == values.size(); empty gives zeros.
/// Throws std::invalid_argument for an item outside the model or a value that is not finite.
Profile FoldIn(const Model& model, std::span<const Index> items, std::span<const float> values);

inline constexpr float kLeastFoldInRegularization = 0.1F;

/// What each rating contributes to the fold-in score of `item`, in the order of `items`. The contributions sum to
/// u·v of that score: it is linear in the ratings once the items are fixed (Hu, Koren and Volinsky 2008, section 5).
///   u = S⁻¹ Σ_j t_j (v_j − c̄)  ⇒  u·v = Σ_j t_j (v_j − c̄)ᵀ S⁻¹ v
/// Needs and throws as FoldIn.
std::vector<float> Explain(const Model& model, std::span<const Index> items, std::span<const float> values, Index item);

/// r̂ of a profile, not clipped; the item must be known.
double Score(const Model& model, const Profile& profile, Index item);

/// r̂ clipped to the range; kUnknown leaves the mean and the profile's bias. Throws as Model::Predict.
double Predict(const Model& model, const Profile& profile, Index item);

}  // namespace matfac
