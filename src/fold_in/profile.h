#pragma once

#include <vector>

namespace matfac {

/// A user's side of the model: a user in it, or a visitor folded in.
struct Profile {
  /// In the shape of a row of the user factors: padded with zeros to the model's stride.
  std::vector<float> factors;
  float bias = 0.0F;
  /// A row of model.liked_users, empty without a preference layer.
  std::vector<float> liked;
};

}  // namespace matfac
