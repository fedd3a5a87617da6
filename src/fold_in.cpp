#include "fold_in.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "kernels.h"
#include "ridge.h"
#include "text.h"

namespace matfac {
namespace {

void CheckRatings(const Model& model, std::span<const Index> items, std::span<const float> values) {
  if (items.size() != values.size()) {
    throw std::invalid_argument("items and ratings differ in length: " + std::to_string(items.size()) + ", " +
                                std::to_string(values.size()));
  }
  for (std::size_t j = 0; j < items.size(); ++j) {
    model.CheckItem(items[j]);
    if (!std::isfinite(values[j])) {
      throw std::invalid_argument("rating " + Shown(values[j]) + " of item " + std::to_string(items[j]) +
                                  " is not a finite number");
    }
  }
}

RidgeStrength FoldInStrength(const ModelOptions& options, std::size_t count) {
  RidgeStrength strength = StrengthOf(options, static_cast<Offset>(count));
  if (options.solver == SolverKind::kAls) return strength;
  strength.factors = std::max(strength.factors, kLeastFoldInRegularization);
  strength.bias = std::max(strength.bias, kLeastFoldInRegularization);
  return strength;
}

std::vector<float> Targets(const Model& model, std::span<const Index> items, std::span<const float> values) {
  std::vector<float> targets(values.size());
  for (std::size_t j = 0; j < targets.size(); ++j) {
    targets[j] = values[j] - static_cast<float>(model.Baseline()) - model.ItemBias(items[j]);
  }
  return targets;
}

RidgeSystem BuildSystem(const Model& model, std::span<const Index> items, std::span<const float> targets) {
  RidgeSystem system(model.Stride(), model.options.biases);
  system.Build(model.item_factors, items, targets, FoldInStrength(model.options, items.size()));
  return system;
}

}  // namespace

Profile FoldIn(const Model& model, std::span<const Index> items, std::span<const float> values) {
  CheckRatings(model, items, values);
  Profile profile{.factors = std::vector<float>(model.Stride())};
  BuildSystem(model, items, Targets(model, items, values)).Solve(profile.factors.data(), &profile.bias);
  return profile;
}

std::vector<float> Explain(const Model& model, std::span<const Index> items, std::span<const float> values,
                           Index item) {
  CheckRatings(model, items, values);
  model.CheckItem(item);
  const std::vector<float> targets = Targets(model, items, values);
  const RidgeSystem system = BuildSystem(model, items, targets);
  const float* row = RowOf(model.item_factors, item);
  std::vector<float> weights(row, row + model.Stride());
  system.Apply(weights.data());
  const float centre = kernels::Dot(system.Centre(), weights.data(), model.Stride());
  std::vector<float> contributions(items.size());
  for (std::size_t j = 0; j < items.size(); ++j) {
    const float along = kernels::Dot(RowOf(model.item_factors, items[j]), weights.data(), model.Stride());
    contributions[j] = targets[j] * (along - centre);
  }
  return contributions;
}

double Score(const Model& model, const Profile& profile, Index item) {
  return model.Baseline() + profile.bias + model.ItemBias(item) +
         kernels::Dot(profile.factors.data(), RowOf(model.item_factors, item), model.Stride());
}

double Predict(const Model& model, const Profile& profile, Index item) {
  if (item == kUnknown) return model.Clip(model.mean + profile.bias);
  model.CheckItem(item);
  return model.Clip(Score(model, profile, item));
}

}  // namespace matfac
