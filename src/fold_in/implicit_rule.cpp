#include "fold_in/implicit_rule.h"

#include "base/kernels.h"

namespace matfac {

Profile ImplicitRule::FoldIn(std::span<const Index> items, std::span<const float> values) const {
  std::vector<float> weights;
  Profile profile{.factors = std::vector<float>(model_.Stride())};
  System(items, values, weights).Solve(profile.factors.data());
  return profile;
}

std::vector<float> ImplicitRule::Explain(std::span<const Index> items, std::span<const float> values,
                                         Index item) const {
  std::vector<float> contributions;
  const ImplicitRidge system = System(items, values, contributions);
  const float* row = RowOf(model_.item_factors, item);
  std::vector<float> along(row, row + model_.Stride());
  system.Apply(along.data());
  for (std::size_t j = 0; j < items.size(); ++j) {
    contributions[j] *= kernels::Dot(RowOf(model_.item_factors, items[j]), along.data(), model_.Stride());
  }
  return contributions;
}

ImplicitRidge ImplicitRule::System(std::span<const Index> items, std::span<const float> values,
                                   std::vector<float>& weights) const {
  for (const float value : values) RequireWeight(model_.options.solver, value);
  const float regularization = WeighRow(model_.options, values, model_.ItemCount(), weights);
  ImplicitRidge system(model_.Stride());
  system.Build({.others = model_.item_factors,
                .gram = gram_.Data(),
                .observed = items,
                .weights = weights,
                .regularization = regularization});
  return system;
}

}  // namespace matfac
