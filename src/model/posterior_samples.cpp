#include "model/posterior_samples.h"

#include <algorithm>
#include <span>

#include "base/errors.h"
#include "base/factors.h"
#include "model/numbers.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

/// Numbers in a packed PosteriorSample.
std::size_t PriorLength(int factors) { return 3 + 3 * static_cast<std::size_t>(factors); }

std::vector<float> Padded(std::span<const float> numbers, float padding) {
  std::vector<float> padded(StrideOf(static_cast<int>(numbers.size())), padding);
  std::ranges::copy(numbers, padded.begin());
  return padded;
}

PosteriorSample SampleFrom(std::string_view name, std::span<const float> prior, int factors) {
  const auto part = [&](int number) { return prior.subspan(3 + number * factors, factors); };
  PosteriorSample sample{.level = prior[0],
                         .noise_precision = prior[1],
                         .user_bias_precision = prior[2],
                         .user_mean = Padded(part(0), 0.0F),
                         .user_precision = Padded(part(1), 1.0F),
                         .item_mean = Padded(part(2), 0.0F)};
  RequirePositive(Message("{} (precisions of noise and biases)", {name}),
                  {sample.noise_precision, sample.user_bias_precision});
  RequirePositive(Message("{} (precisions of factors)", {name}), sample.user_precision);
  return sample;
}

}  // namespace

std::vector<PosteriorSample> UnpackedSamples(std::string_view name, const std::vector<float>& priors,
                                             const Model& model, bool turned) {
  if (priors.empty()) return {};
  const ModelOptions& options = model.options;
  if (TraitsOf(options.solver).fold_in != FoldInKind::kPosterior) {
    ThrowInvalid("{} must be empty with the solver '{}'; it is not", {name, SolverName(options.solver)});
  }
  const std::size_t length = PriorLength(options.factors);
  const std::size_t count = priors.size() / length;
  if (count < 1 || count > static_cast<std::size_t>(options.samples)) {
    ThrowInvalid("{} must be 1 to {} samples; it is {}", {name, options.samples, count});
  }
  RequireLength(name, priors.size(), (turned ? model.posterior.samples.size() : count) * length);
  std::vector<PosteriorSample> samples;
  samples.reserve(count);
  for (std::size_t sample = 0; sample < count; ++sample) {
    samples.push_back(SampleFrom(name, std::span(priors).subspan(sample * length, length), options.factors));
  }
  return samples;
}

std::vector<float> PackedSamples(const std::vector<PosteriorSample>& samples, int factors) {
  std::vector<float> priors;
  for (const PosteriorSample& sample : samples) {
    priors.insert(priors.end(), {sample.level, sample.noise_precision, sample.user_bias_precision});
    for (const auto* const part : {&sample.user_mean, &sample.user_precision, &sample.item_mean}) {
      priors.insert(priors.end(), part->begin(), part->begin() + factors);
    }
  }
  return priors;
}

}  // namespace matfac
