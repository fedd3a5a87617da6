#include "fold_in/popular_profile.h"

#include "base/kernels.h"

namespace matfac {

Profile PopularProfile(const Model& model) {
  const int stride = model.Stride();
  Profile profile{.factors = std::vector<float>(stride)};
  float total = 0.0F;
  const StoredRows items = model.ItemFactors();
  std::vector<float> room;
  for (Index item = 0; item < items.Count(); ++item) {
    const float* v = items.Row(item, room);
    const float weight = kernels::Dot(v, v, stride);
    kernels::Axpy(weight, v, profile.factors.data(), stride);
    total += weight;
  }
  if (total > 0.0F) kernels::Scale(1.0F / total, profile.factors.data(), stride);
  return profile;
}

}  // namespace matfac
