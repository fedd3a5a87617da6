#include "fold_in_rules/bayesian_rule.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "kernels.h"

namespace matfac {
namespace {

/// A visitor's regression in one sample after the other.
class SampleRegression {
 public:
  SampleRegression(const Model& model, std::span<const Index> items, std::span<const float> values)
      : model_(model),
        items_(items),
        values_(values),
        stride_(StrideOf(model.options.factors)),
        inverse_root_(items.empty() ? 0.0F : 1.0F / std::sqrt(static_cast<float>(items.size()))),
        order_(items.size()),
        rows_(static_cast<Index>(items.size()), stride_),
        targets_(items.size()),
        system_(stride_, model.options.biases) {
    std::iota(order_.begin(), order_.end(), 0);
  }

  void Build(int sample) {
    sample_ = sample;
    GatherRatings();
    GatherPriorMean();
    const PosteriorSample& drawn = Drawn();
    const float scale = 1.0F / drawn.noise_precision;
    std::vector<float> strength(drawn.user_precision);
    kernels::Scale(scale, strength.data(), stride_);
    const RidgePrior prior{.strength = strength,
                           .mean = mean_,
                           .bias_strength = scale * drawn.user_bias_precision,
                           .bias_mean = bias_mean_};
    if (!system_.Build(rows_, {.rows = order_, .targets = targets_}, prior)) {
      throw std::runtime_error("a visitor's posterior is singular in float32");
    }
  }

  /// The sample's share of the profile.
  void AddTo(Profile& profile) const {
    float* factors = profile.factors.data() + sample_ * stride_;
    float bias = 0.0F;
    system_.Solve(factors, &bias);
    if (!model_.options.biases) return;
    bias += kernels::Dot(factors, Drawn().item_mean.data(), stride_);
    profile.bias += bias / static_cast<float>(model_.posterior.samples.size());
  }

  /// The sample's share of what each rating adds to the score of `item`.
  void AddTo(Index item, std::vector<float>& contributions) const {
    const float* q = RowOf(model_.item_factors, item) + sample_ * stride_;
    std::vector<float> weights(q, q + stride_);
    system_.Apply(weights.data());
    const float centre = kernels::Dot(system_.Centre(), weights.data(), stride_);
    const float constant = kernels::Dot(Drawn().user_mean.data(), q, stride_) * inverse_root_ * inverse_root_;
    for (std::size_t j = 0; j < contributions.size(); ++j) {
      const float* row = RowOf(rows_, order_[j]);
      const float target = targets_[j] - bias_mean_ - kernels::Dot(row, mean_.data(), stride_);
      contributions[j] += constant + target * (kernels::Dot(row, weights.data(), stride_) - centre);
      if (HasImplicit()) contributions[j] += inverse_root_ * kernels::Dot(Implicit(items_[j]), q, stride_);
    }
  }

 private:
  const PosteriorSample& Drawn() const { return model_.posterior.samples[sample_]; }
  bool HasImplicit() const { return model_.item_implicit.rows() > 0; }
  const float* Implicit(Index item) const { return RowOf(model_.item_implicit, item) + sample_ * stride_; }

  void GatherRatings() {
    const PosteriorSample& drawn = Drawn();
    const auto samples = static_cast<float>(model_.posterior.samples.size());
    for (std::size_t j = 0; j < items_.size(); ++j) {
      float* row = RowOf(rows_, order_[j]);
      std::ranges::copy(drawn.item_mean, row);
      kernels::Axpy(samples, RowOf(model_.item_factors, items_[j]) + sample_ * stride_, row, stride_);
      targets_[j] = values_[j] - drawn.level;
      if (model_.options.biases) targets_[j] -= model_.posterior.item_bias(items_[j], sample_);
    }
  }

  void GatherPriorMean() {
    mean_ = Drawn().user_mean;
    bias_mean_ = 0.0F;
    if (!HasImplicit()) return;
    for (const Index item : items_) {
      kernels::Axpy(inverse_root_, Implicit(item), mean_.data(), stride_);
      if (model_.options.biases) bias_mean_ += inverse_root_ * model_.posterior.item_implicit_bias(item, sample_);
    }
  }

  const Model& model_;
  std::span<const Index> items_;
  std::span<const float> values_;
  int stride_;
  float inverse_root_;
  int sample_ = 0;
  std::vector<Index> order_;
  FactorMatrix rows_;
  std::vector<float> targets_;
  std::vector<float> mean_;
  float bias_mean_ = 0.0F;
  RidgeSystem system_;
};

}  // namespace

Profile BayesianRule::FoldIn(std::span<const Index> items, std::span<const float> values) const {
  Profile profile{.factors = std::vector<float>(model_.Stride())};
  SampleRegression regression(model_, items, values);
  for (int sample = 0; sample < static_cast<int>(model_.posterior.samples.size()); ++sample) {
    regression.Build(sample);
    regression.AddTo(profile);
  }
  return profile;
}

std::vector<float> BayesianRule::Explain(std::span<const Index> items, std::span<const float> values,
                                         Index item) const {
  std::vector<float> contributions(items.size());
  SampleRegression regression(model_, items, values);
  for (int sample = 0; sample < static_cast<int>(model_.posterior.samples.size()); ++sample) {
    regression.Build(sample);
    regression.AddTo(item, contributions);
  }
  return contributions;
}

}  // namespace matfac
