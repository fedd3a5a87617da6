#include "marshal_posterior.h"

#include "checks.h"

namespace matfac::marshal {
namespace {

/// Numbers of one sample in `priors`: level, noise precision, user bias precision, and by factor the users' means, the
/// users' precisions and the items' means.
int PriorLength(int factors) { return 3 + 3 * factors; }

std::vector<float> Numbers(const FactorMatrix& matrix) { return {matrix.data(), matrix.data() + matrix.size()}; }

FactorMatrix ToMatrix(const char* name, const val& array, Index rows, int columns) {
  const std::vector<float> numbers = ToVector<float>(array);
  RequireLength(name, numbers.size(), static_cast<std::size_t>(rows) * columns);
  RequireFinite(name, numbers);
  return Eigen::Map<const FactorMatrix>(numbers.data(), rows, columns);
}

void AddPrior(const PosteriorSample& sample, int factors, std::vector<float>& priors) {
  priors.insert(priors.end(), {sample.level, sample.noise_precision, sample.user_bias_precision});
  for (const auto* const part : {&sample.user_mean, &sample.user_precision, &sample.item_mean}) {
    priors.insert(priors.end(), part->begin(), part->begin() + factors);
  }
}

std::vector<float> Padded(std::span<const float> numbers, float padding) {
  std::vector<float> padded(StrideOf(static_cast<int>(numbers.size())), padding);
  std::ranges::copy(numbers, padded.begin());
  return padded;
}

PosteriorSample ToSample(std::span<const float> prior, int factors) {
  const auto part = [&](int number) { return prior.subspan(3 + number * factors, factors); };
  PosteriorSample sample{.level = prior[0],
                         .noise_precision = prior[1],
                         .user_bias_precision = prior[2],
                         .user_mean = Padded(part(0), 0.0F),
                         .user_precision = Padded(part(1), 1.0F),
                         .item_mean = Padded(part(2), 0.0F)};
  RequirePositive("posterior.priors (a noise precision)", {sample.noise_precision});
  RequirePositive("posterior.priors (a bias precision)", {sample.user_bias_precision});
  RequirePositive("posterior.priors (the users' precisions)", sample.user_precision);
  return sample;
}

std::vector<PosteriorSample> ToSamples(const val& array, const ModelOptions& options) {
  const std::vector<float> priors = ToVector<float>(array);
  RequireFinite("posterior.priors", priors);
  const std::size_t length = PriorLength(options.factors);
  const std::size_t count = priors.size() / length;
  if (count < 1 || count > static_cast<std::size_t>(options.samples)) {
    throw std::invalid_argument("posterior.priors holds " + std::to_string(count) + " samples: 1 to " +
                                std::to_string(options.samples) + " are allowed");
  }
  RequireLength("posterior.priors", priors.size(), count * length);
  std::vector<PosteriorSample> samples;
  for (std::size_t sample = 0; sample < count; ++sample) {
    samples.push_back(ToSample(std::span(priors).subspan(sample * length, length), options.factors));
  }
  return samples;
}

}  // namespace

val FromPosterior(const Model& model) {
  const Posterior& posterior = model.posterior;
  if (posterior.samples.empty()) return val::null();
  std::vector<float> priors;
  for (const PosteriorSample& sample : posterior.samples) AddPrior(sample, model.options.factors, priors);
  val object = val::object();
  object.set("priors", ToArray(priors));
  object.set("userBias", ToArray(Numbers(posterior.user_bias)));
  object.set("itemBias", ToArray(Numbers(posterior.item_bias)));
  object.set("itemImplicitBias", ToArray(Numbers(posterior.item_implicit_bias)));
  object.set("userNoise", ToArray(posterior.user_noise));
  return object;
}

Posterior ToPosterior(const val& posterior, const Model& model) {
  if (posterior.isNull()) return {};
  if (model.options.solver != SolverKind::kBayesian) {
    throw std::invalid_argument("posterior is not null: only a model of the solver 'bayesian' has one");
  }
  const int columns = model.options.biases ? model.options.samples : 0;
  const bool implicit = model.item_implicit.rows() > 0;
  const auto matrix = [&](const char* label, const char* name, bool present, Index rows) {
    return ToMatrix(label, posterior[name], present ? rows : 0, present ? columns : 0);
  };
  const bool biases = columns > 0;
  Posterior read{.samples = ToSamples(posterior["priors"], model.options),
                 .user_bias = matrix("posterior.userBias", "userBias", biases, model.UserCount()),
                 .item_bias = matrix("posterior.itemBias", "itemBias", biases, model.ItemCount()),
                 .item_implicit_bias =
                     matrix("posterior.itemImplicitBias", "itemImplicitBias", biases && implicit, model.ItemCount()),
                 .user_noise = ToVector<float>(posterior["userNoise"])};
  RequireLength("posterior.userNoise", read.user_noise.size(), model.UserCount());
  RequirePositive("posterior.userNoise", read.user_noise);
  return read;
}

}  // namespace matfac::marshal
