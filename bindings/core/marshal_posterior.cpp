#include "core/marshal_posterior.h"

namespace matfac::marshal {
namespace {

std::vector<float> Numbers(const FactorMatrix& matrix) { return {matrix.data(), matrix.data() + matrix.size()}; }

void AddPrior(const PosteriorSample& sample, int factors, std::vector<float>& priors) {
  priors.insert(priors.end(), {sample.level, sample.noise_precision, sample.user_bias_precision});
  for (const auto* const part : {&sample.user_mean, &sample.user_precision, &sample.item_mean}) {
    priors.insert(priors.end(), part->begin(), part->begin() + factors);
  }
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

std::optional<ModelParts::PosteriorParts> ToPosterior(const val& posterior) {
  if (posterior.isNull()) return std::nullopt;
  return ModelParts::PosteriorParts{.priors = ToVector<float>(posterior["priors"]),
                                    .user_bias = ToVector<float>(posterior["userBias"]),
                                    .item_bias = ToVector<float>(posterior["itemBias"]),
                                    .item_implicit_bias = ToVector<float>(posterior["itemImplicitBias"]),
                                    .user_noise = ToVector<float>(posterior["userNoise"])};
}

}  // namespace matfac::marshal
