#include "shared/model_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/errors.h"
#include "model/numbers.h"

namespace matfac {

Model EmptyModel(const ModelOptions& options, const ModelNumbers& numbers) {
  if (!std::isfinite(numbers.mean)) {
    ThrowInvalid("mean must be a finite number; it is {}", {numbers.mean});
  }
  if (!(numbers.scale > 0.0) || !std::isfinite(numbers.scale)) {
    ThrowInvalid("scale must be a finite number above 0; it is {}", {numbers.scale});
  }
  constexpr double kLargest = std::numeric_limits<float>::max();
  // Every score is clipped to this range, so a range at an infinity would make all of them infinite.
  if (!(numbers.minimum <= numbers.maximum && numbers.minimum <= kLargest && numbers.maximum >= -kLargest)) {
    ThrowInvalid("minimum must be at most maximum, in float32; they are {} and {}", {numbers.minimum, numbers.maximum});
  }
  Model model;
  model.options = options;
  model.mean = numbers.mean;
  model.scale = numbers.scale;
  model.minimum = static_cast<float>(numbers.minimum);
  model.maximum = static_cast<float>(numbers.maximum);
  return model;
}

std::vector<float> PackedProfile(const Model& model, const Profile& profile) {
  const int samples = model.options.samples;
  const int stride = StrideOf(model.options.factors);
  std::vector<float> packed;
  for (int sample = 0; sample < samples; ++sample) {
    const auto* const from = profile.factors.data() + sample * stride;
    packed.insert(packed.end(), from, from + model.options.factors);
  }
  if (model.HasPreference()) {
    packed.insert(packed.end(), profile.liked.begin(), profile.liked.begin() + model.options.preference_factors);
  }
  packed.push_back(profile.bias);
  return packed;
}

Profile ProfileFrom(const Model& model, std::span<const float> packed) {
  const int factors = model.options.factors;
  const int samples = model.options.samples;
  const int stride = StrideOf(factors);
  const int liked = model.HasPreference() ? model.options.preference_factors : 0;
  RequireLength("profile", packed.size(), static_cast<std::size_t>(factors) * samples + liked + 1);
  RequireFinite("profile", packed);
  Profile profile{.factors = std::vector<float>(static_cast<std::size_t>(samples) * stride),
                  .bias = packed.back(),
                  .liked = std::vector<float>(StrideOf(liked))};
  const float* from = packed.data();
  for (int sample = 0; sample < samples; ++sample, from += factors) {
    std::copy_n(from, factors, profile.factors.data() + sample * stride);
  }
  std::copy_n(from, liked, profile.liked.data());
  return profile;
}

std::vector<std::span<const Index>> RowsOf(std::span<const Index> items, std::span<const Index> offsets,
                                           std::size_t users) {
  if (offsets.empty()) return std::vector<std::span<const Index>>(users, items);
  if (offsets.size() != users + 1) ThrowInvalid("offsets and users do not fit");
  std::vector<std::span<const Index>> rows;
  for (std::size_t u = 0; u < users; ++u) {
    if (offsets[u] < 0 || offsets[u] > offsets[u + 1] || static_cast<std::size_t>(offsets[u + 1]) > items.size()) {
      ThrowInvalid("offsets are not in order");
    }
    rows.push_back(items.subspan(offsets[u], offsets[u + 1] - offsets[u]));
  }
  return rows;
}

}  // namespace matfac
