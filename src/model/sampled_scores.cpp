#include "model/sampled_scores.h"

#include "base/kernels.h"

namespace matfac {
namespace {

/// level + u·v of one sample.
double ScoreIn(const Model& model, int sample, const float* factors, const std::vector<float>& item) {
  const int stride = StrideOf(model.options.factors);
  const auto samples = static_cast<double>(model.posterior.samples.size());
  const double product = kernels::Dot(factors + sample * stride, item.data() + sample * stride, stride);
  return model.posterior.samples[sample].level + samples * product;
}

template <typename Score>
double VarianceOf(const Model& model, const Score& score_in) {
  const int samples = static_cast<int>(model.posterior.samples.size());
  double mean = 0.0;
  double squares = 0.0;  // Σ (r̂ − mean)², by Welford's recurrence
  for (int sample = 0; sample < samples; ++sample) {
    const double score = score_in(sample);
    const double change = score - mean;
    mean += change / (sample + 1);
    squares += change * (score - mean);
  }
  return samples > 1 ? squares / (samples - 1) : 0.0;
}

}  // namespace

double ScoreVariance(const Model& model, Index user, Index item) {
  const float* const factors = RowOf(model.user_factors, user);
  const std::vector<float> row = model.ItemFactors().Copy(item);
  return VarianceOf(model, [&](int sample) {
    const double score = ScoreIn(model, sample, factors, row);
    if (!model.options.biases) return score;
    return score + model.posterior.user_bias(user, sample) + model.posterior.item_bias(item, sample);
  });
}

double ScoreVariance(const Model& model, const float* factors, Index item) {
  const std::vector<float> row = model.ItemFactors().Copy(item);
  return VarianceOf(model, [&](int sample) {
    const double score = ScoreIn(model, sample, factors, row);
    return model.options.biases ? score + model.posterior.item_bias(item, sample) : score;
  });
}

}  // namespace matfac
