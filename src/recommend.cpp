#include "recommend.h"

#include <cmath>

#include "kernels.h"

namespace matfac {
namespace {

/// Which items compete.
std::vector<bool> Candidates(const Model& model, std::span<const Index> excluded,
                             std::optional<std::span<const Index>> included) {
  std::vector<bool> candidates(model.ItemCount(), !included.has_value());
  if (included) {
    for (const Index item : *included) {
      model.CheckItem(item);
      candidates[item] = true;
    }
  }
  for (const Index item : excluded) {
    model.CheckItem(item);
    candidates[item] = false;
  }
  return candidates;
}

}  // namespace

Profile ProfileOf(const Model& model, Index user) {
  model.CheckUser(user);
  const float* row = RowOf(model.user_factors, user);
  return {.factors = std::vector<float>(row, row + model.Stride()), .bias = model.UserBias(user)};
}

Ranking Recommend(const Model& model, const Profile& profile, int n, std::span<const Index> excluded,
                  std::optional<std::span<const Index>> included) {
  const std::vector<bool> candidates = Candidates(model, excluded, included);
  TopN top(n);
  for (Index item = 0; item < model.ItemCount(); ++item) {
    if (candidates[item]) top.Offer(item, static_cast<float>(Score(model, profile, item)));
  }
  return top.Take();
}

Ranking Similar(const FactorMatrix& factors, Index row, int n) {
  const int stride = static_cast<int>(factors.cols());
  const float* centre = RowOf(factors, row);
  const float centre_norm = std::sqrt(kernels::Dot(centre, centre, stride));
  TopN top(n);
  for (Index other = 0; other < factors.rows(); ++other) {
    if (other == row) continue;
    const float* x = RowOf(factors, other);
    const float norms = centre_norm * std::sqrt(kernels::Dot(x, x, stride));
    top.Offer(other, norms > 0.0F ? kernels::Dot(centre, x, stride) / norms : 0.0F);
  }
  return top.Take();
}

}  // namespace matfac
