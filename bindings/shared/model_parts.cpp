#include "shared/model_parts.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>

#include "shared/checks.h"

namespace matfac {
namespace {

using marshal::RequireFinite;
using marshal::RequireLength;
using marshal::RequirePositive;

int PackedColumns(const ModelOptions& options) { return options.factors * options.samples; }

FactorMatrix Plain(const char* name, const std::vector<float>& numbers, Index rows, int columns) {
  RequireLength(name, numbers.size(), static_cast<std::size_t>(rows) * columns);
  RequireFinite(name, numbers);
  return Eigen::Map<const FactorMatrix>(numbers.data(), rows, columns);
}

std::vector<float> Padded(std::span<const float> numbers, float padding) {
  std::vector<float> padded(StrideOf(static_cast<int>(numbers.size())), padding);
  std::ranges::copy(numbers, padded.begin());
  return padded;
}

PosteriorSample SampleFrom(std::span<const float> prior, int factors) {
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

std::vector<PosteriorSample> SamplesFrom(const std::vector<float>& priors, const ModelOptions& options) {
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
    samples.push_back(SampleFrom(std::span(priors).subspan(sample * length, length), options.factors));
  }
  return samples;
}

/// Of a model whose other tensors are there.
Posterior PosteriorFrom(const ModelParts::PosteriorParts& parts, const Model& model) {
  if (model.options.solver != SolverKind::kBayesian) {
    throw std::invalid_argument("posterior is not null: only a model of the solver 'bayesian' has one");
  }
  const int columns = model.options.biases ? model.options.samples : 0;
  const bool implicit = model.item_implicit.rows() > 0;
  const auto matrix = [&](const char* name, const std::vector<float>& numbers, bool present, Index rows) {
    return Plain(name, numbers, present ? rows : 0, present ? columns : 0);
  };
  const bool biases = columns > 0;
  Posterior read{.samples = SamplesFrom(parts.priors, model.options),
                 .user_bias = matrix("posterior.userBias", parts.user_bias, biases, model.UserCount()),
                 .item_bias = matrix("posterior.itemBias", parts.item_bias, biases, model.ItemCount()),
                 .item_implicit_bias = matrix("posterior.itemImplicitBias", parts.item_implicit_bias,
                                              biases && implicit, model.ItemCount()),
                 .user_noise = parts.user_noise};
  RequireLength("posterior.userNoise", read.user_noise.size(), model.UserCount());
  RequirePositive("posterior.userNoise", read.user_noise);
  return read;
}

}  // namespace

FactorMatrix PaddedRows(const char* name, const std::vector<float>& packed, const ModelOptions& options) {
  RequireFinite(name, packed);
  const int columns = PackedColumns(options);
  const auto rows = static_cast<Index>(packed.size() / columns);
  RequireLength(name, packed.size(), static_cast<std::size_t>(rows) * columns);
  const int stride = StrideOf(options.factors);
  FactorMatrix matrix = FactorMatrix::Zero(rows, options.samples * stride);
  const float* from = packed.data();
  for (Index row = 0; row < rows; ++row) {
    for (int sample = 0; sample < options.samples; ++sample, from += options.factors) {
      std::copy_n(from, options.factors, RowOf(matrix, row) + sample * stride);
    }
  }
  return matrix;
}

std::vector<float> PackedRows(const FactorMatrix& matrix, const ModelOptions& options) {
  std::vector<float> packed(static_cast<std::size_t>(matrix.rows()) * PackedColumns(options));
  const int stride = StrideOf(options.factors);
  float* to = packed.data();
  for (Index row = 0; row < matrix.rows(); ++row) {
    for (int sample = 0; sample < options.samples; ++sample, to += options.factors) {
      std::copy_n(RowOf(matrix, row) + sample * stride, options.factors, to);
    }
  }
  return packed;
}

Model ModelFrom(const ModelOptions& options, const ModelParts& parts) {
  Model model;
  model.options = options;
  model.user_factors = PaddedRows("userFactors", parts.user_factors, options);
  model.item_factors = PaddedRows("itemFactors", parts.item_factors, options);
  model.item_implicit = PaddedRows("itemImplicit", parts.item_implicit, options);
  model.user_bias = parts.user_bias;
  model.item_bias = parts.item_bias;
  RequireFinite("userBias", model.user_bias);
  RequireFinite("itemBias", model.item_bias);
  const bool user_biases = options.biases && options.solver != SolverKind::kBpr;
  RequireLength("userBias", model.user_bias.size(), user_biases ? model.UserCount() : 0);
  RequireLength("itemBias", model.item_bias.size(), options.biases ? model.ItemCount() : 0);
  const bool implicit_rows = model.item_implicit.rows() > 0 || options.implicit_terms != ImplicitTerms::kNone;
  RequireLength("itemImplicit", model.item_implicit.rows(), implicit_rows ? model.ItemCount() : 0);
  model.mean = parts.mean;
  model.minimum = static_cast<float>(parts.minimum);
  model.maximum = static_cast<float>(parts.maximum);
  if (!std::isfinite(model.mean)) throw std::invalid_argument("mean is not a finite number");
  if (!(model.minimum <= model.maximum)) throw std::invalid_argument("minimum is not at most maximum");
  if (parts.posterior) model.posterior = PosteriorFrom(*parts.posterior, model);
  return model;
}

std::vector<std::span<const Index>> RowsOf(std::span<const Index> items, std::span<const Index> offsets,
                                           std::size_t users) {
  if (offsets.empty()) return std::vector<std::span<const Index>>(users, items);
  if (offsets.size() != users + 1) throw std::invalid_argument("offsets and users do not fit");
  std::vector<std::span<const Index>> rows;
  for (std::size_t u = 0; u < users; ++u) {
    if (offsets[u] < 0 || offsets[u] > offsets[u + 1] || static_cast<std::size_t>(offsets[u + 1]) > items.size()) {
      throw std::invalid_argument("offsets are not in order");
    }
    rows.push_back(items.subspan(offsets[u], offsets[u + 1] - offsets[u]));
  }
  return rows;
}

}  // namespace matfac
