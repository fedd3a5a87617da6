#include "solvers/bayesian/bayesian_samples.h"

#include <algorithm>
#include <utility>

#include "base/kernels.h"
#include "model/ordinal.h"

namespace matfac {
namespace {

constexpr Index kBlockRows = 4'096;

/// The destination of one side's part of a draw.
struct SideTarget {
  FactorMatrix& factors;
  /// The biases of each sample, and their means.
  FactorMatrix& bias;
  std::vector<float>& mean_bias;
  /// True where the factors are divided by the number of samples.
  bool scaled;
  /// Of the users; or null.
  const BayesianDays* days;
};

template <typename Body>
void ForEachRow(Index rows, Workers& workers, const Body& body) {
  workers.ForEachBlock((rows + kBlockRows - 1) / kBlockRows, [&](Index block, int /*worker*/) {
    const Index end = std::min(rows, (block + 1) * kBlockRows);
    for (Index row = block * kBlockRows; row < end; ++row) body(row);
  });
}

/// mean ← the mean of the `slot` values before and this value.
void AddToMean(float value, int slot, float& mean) {
  mean = slot == 0 ? value : mean + (value - mean) / static_cast<float>(slot + 1);
}

void WriteSide(const BayesianSide& side, const NormalPrior& prior, const NormalPrior& others, int slot,
               Workers& workers, const SideTarget& target) {
  const BayesianRows& rows = side.Rows();
  const bool biases = !rows.bias.empty();
  const int stride = static_cast<int>(rows.factors.cols());
  const float shrink = static_cast<float>(slot) / static_cast<float>(slot + 1);
  ForEachRow(static_cast<Index>(rows.factors.rows()), workers, [&](Index row) {
    float* samples = RowOf(target.factors, row);
    float* x = samples + slot * stride;
    std::copy_n(RowOf(rows.factors, row), stride, x);
    if (biases) {
      kernels::Axpy(-1.0F, prior.mean.data(), x, stride);
      target.bias(row, slot) = rows.bias[row] - prior.bias_mean + kernels::Dot(x, others.mean.data(), stride);
      if (target.days != nullptr) target.bias(row, slot) += target.days->Last(row);
      AddToMean(target.bias(row, slot), slot, target.mean_bias[row]);
    }
    if (!target.scaled || slot == 0) return;
    kernels::Scale(shrink, samples, slot * stride);
    kernels::Scale(1.0F / static_cast<float>(slot + 1), x, stride);
  });
}

void WriteImplicit(const BayesianRows& rows, int slot, Workers& workers, Model& model) {
  const int stride = static_cast<int>(rows.factors.cols());
  ForEachRow(static_cast<Index>(rows.factors.rows()), workers, [&](Index row) {
    std::copy_n(RowOf(rows.factors, row), stride, RowOf(model.item_implicit, row) + slot * stride);
    if (!rows.bias.empty()) model.posterior.item_implicit_bias(row, slot) = rows.bias[row];
  });
}

/// The weights of features, sample by sample: those of the factors, then that of the bias, 0 without biases.
void WriteWeights(const BayesianTerms* terms, int slot, int factors, FactorMatrix& weights) {
  if (terms == nullptr) return;
  const BayesianRows& rows = terms->Rows();
  for (Index j = 0; j < weights.rows(); ++j) {
    float* to = RowOf(weights, j) + static_cast<Offset>(slot) * (factors + 1);
    std::copy_n(RowOf(rows.factors, j), factors, to);
    to[factors] = rows.bias.empty() ? 0.0F : rows.bias[j];
  }
}

/// The mean and the variance of each feature of the users, then of the items.
std::vector<float> FeatureMoments(const BayesianDraw& draw) {
  std::vector<float> moments;
  for (const BayesianTerms* const terms : {draw.user_features, draw.item_features}) {
    const Index count = terms == nullptr ? 0 : static_cast<Index>(terms->Rows().factors.rows());
    for (Index j = 0; j < count; ++j) {
      const BayesianTerms::Moments of_column = terms->MomentsOf(j);
      moments.insert(moments.end(), {of_column.mean, of_column.variance});
    }
  }
  return moments;
}

/// Of a rating by a user whose noise is the common one: 1 / the mean of 1 / (α ψ) over the ratings.
double CommonPrecision(const BayesianDraw& draw) {
  const std::vector<float>& weights = draw.items.Weights();
  double ratings = 0.0;
  double variances = 0.0;
  for (std::size_t item = 0; item < weights.size(); ++item) {
    const auto count = static_cast<double>(draw.items.Side().Count(static_cast<Index>(item)));
    ratings += count;
    variances += count / weights[item];
  }
  return draw.noise_precision * ratings / variances;
}

PosteriorSample SampleOf(const BayesianDraw& draw, const NormalPrior& users, const NormalPrior& items, bool biases) {
  const std::vector<float> zeros(users.mean.size());
  PosteriorSample sample{.noise_precision = static_cast<float>(CommonPrecision(draw)),
                         .user_bias_precision = users.bias_precision,
                         .user_mean = biases ? zeros : users.mean,
                         .user_precision = users.precision,
                         .item_mean = biases ? items.mean : zeros};
  if (biases) {
    sample.level = static_cast<float>(draw.level) + users.bias_mean + items.bias_mean +
                   kernels::Dot(users.mean.data(), items.mean.data(), static_cast<int>(zeros.size()));
  }
  return sample;
}

/// As the last one, sample `slot`, unless those before it are missing, as in a training that continues without them.
void AddSample(PosteriorSample sample, int slot, std::vector<PosteriorSample>& samples) {
  if (samples.size() < static_cast<std::size_t>(slot)) return;
  samples.resize(slot);
  samples.push_back(std::move(sample));
}

void AddNoise(const BayesianDraw& draw, int slot, std::vector<float>& user_noise) {
  const std::vector<float>& weights = draw.users.Weights();
  const double precision = CommonPrecision(draw);
  user_noise.resize(weights.size());
  for (std::size_t user = 0; user < weights.size(); ++user) {
    AddToMean(static_cast<float>(1.0 / (precision * weights[user])), slot, user_noise[user]);
  }
}

/// What a row that is not in the model adds to the variance of a score: its bias and its factors, about their means,
/// times those of any row of the other side.
float UnknownVariance(const NormalPrior& prior, const NormalPrior& others, const ModelOptions& options) {
  float variance = options.biases ? 1.0F / prior.bias_precision : 0.0F;
  for (int f = 0; f < options.factors; ++f) {
    variance += (others.mean[f] * others.mean[f] + 1.0F / others.precision[f]) / prior.precision[f];
  }
  return variance;
}

void WriteOrdinal(const BayesianDraw& draw, int slot, Model& model) {
  const OrdinalTerms drawn{.levels = draw.ordinal->Levels(),
                           .cuts = draw.ordinal->Cuts(),
                           .user_variance = UnknownVariance(draw.user_prior, draw.item_prior, model.options),
                           .item_variance = UnknownVariance(draw.item_prior, draw.user_prior, model.options)};
  const std::vector<float> packed = PackedTerms(drawn);
  model.ordinal_terms.resize(packed.size());
  for (std::size_t i = 0; i < packed.size(); ++i) AddToMean(packed[i], slot, model.ordinal_terms[i]);
}

void Reserve(const BayesianDraw& draw, bool biases, Model& model) {
  const int samples = model.options.samples;
  if (biases) {
    model.posterior.user_bias.setZero(model.UserCount(), samples);
    model.posterior.item_bias.setZero(model.ItemCount(), samples);
  }
  if (draw.item_implicit == nullptr) return;
  model.item_implicit.setZero(model.ItemCount(), model.Stride());
  if (biases) model.posterior.item_implicit_bias.setZero(model.ItemCount(), samples);
}

}  // namespace

bool GoesOnSampling(const Model& model, const Options& options) {
  return model.state[0] == static_cast<float>(options.training.epochs) &&
         model.options.samples == options.model.samples && model.options.time == options.model.time &&
         model.options.likelihood == options.model.likelihood &&
         model.options.implicit_terms == options.model.implicit_terms;
}

SampleSchedule::SampleSchedule(int epochs, int samples)
    : burn_in_(epochs / 5), sweeps_(epochs - burn_in_), kept_(std::min(samples, sweeps_)) {}

int SampleSchedule::SlotOf(int epoch) const {
  if (epoch <= burn_in_) return 0;
  const auto kept_by = [this](int sweep) { return static_cast<int>(std::int64_t{sweep} * kept_ / sweeps_); };
  const int sweep = epoch - burn_in_;
  return kept_by(sweep) > kept_by(sweep - 1) ? kept_by(sweep) - 1 : kNotKept;
}

void WriteSample(const BayesianDraw& draw, int slot, Workers& workers, Model& model) {
  const bool biases = !draw.users.Rows().bias.empty();
  Posterior& posterior = model.posterior;
  if (posterior.samples.empty()) Reserve(draw, biases, model);
  WriteSide(draw.users, draw.user_prior, draw.item_prior, slot, workers,
            {model.user_factors, posterior.user_bias, model.user_bias, false, draw.days});
  if (draw.days != nullptr) model.user_times = draw.days->Means();
  WriteSide(draw.items, draw.item_prior, draw.user_prior, slot, workers,
            {model.item_factors, posterior.item_bias, model.item_bias, true, nullptr});
  if (draw.ordinal != nullptr) WriteOrdinal(draw, slot, model);
  if (draw.item_implicit != nullptr) WriteImplicit(*draw.item_implicit, slot, workers, model);
  WriteWeights(draw.user_features, slot, model.options.factors, model.user_feature_weights);
  WriteWeights(draw.item_features, slot, model.options.factors, model.item_feature_weights);
  model.feature_ridges = FeatureMoments(draw);
  AddNoise(draw, slot, posterior.user_noise);
  AddSample(SampleOf(draw, draw.user_prior, draw.item_prior, biases), slot, posterior.samples);
  AddSample(SampleOf(draw, draw.item_prior, draw.user_prior, biases), slot, posterior.turned_samples);
  if (biases) {
    const double level = posterior.samples.back().level;
    model.mean = slot == 0 ? level : model.mean + (level - model.mean) / (slot + 1);
  }
}

}  // namespace matfac
