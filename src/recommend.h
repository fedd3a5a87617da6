#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fold_in.h"
#include "model.h"
#include "ranking.h"

namespace matfac {

/// A user of the model as a profile.
Profile ProfileOf(const Model& model, Index user);

/// The n best items for a profile by r̂, not clipped; fewer when there are fewer. `excluded` are left out; with
/// `included` only those compete. Both may hold an item more than once.
/// Throws std::invalid_argument for an item outside the model.
Ranking Recommend(const Model& model, const Profile& profile, int n, std::span<const Index> excluded,
                  std::optional<std::span<const Index>> included = std::nullopt);

/// The n rows nearest to `row` by cosine, itself left out; a row of zeros has cosine 0 with every other.
Ranking Similar(const FactorMatrix& factors, Index row, int n);

}  // namespace matfac
