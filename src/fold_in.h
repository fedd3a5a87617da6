#pragma once

#include <span>
#include <vector>

#include "fold_in_rules/rule.h"
#include "model.h"
#include "ratings.h"

namespace matfac {

/// The profile that fits a visitor's ratings best with the items fixed, by the rule of the model's solver
/// (fold_in_rules/). Items must be known and unique, items.size() == values.size(); both may be empty.
/// Throws std::invalid_argument for an item outside the model or a value that is not finite.
Profile FoldIn(const Model& model, std::span<const Index> items, std::span<const float> values);

/// What each rating contributes to the fold-in score of `item`, in the order of `items`; the contributions sum to u·v
/// of that score. Needs and throws as FoldIn.
std::vector<float> Explain(const Model& model, std::span<const Index> items, std::span<const float> values, Index item);

/// r̂ of a profile, not clipped; the item must be known.
double Score(const Model& model, const Profile& profile, Index item);

/// r̂ clipped to the range; kUnknown leaves the mean and the profile's bias. Throws as Model::Predict.
double Predict(const Model& model, const Profile& profile, Index item);

}  // namespace matfac
