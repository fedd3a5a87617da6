#include "model/tensors.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/errors.h"
#include "model/numbers.h"
#include "model/ordinal.h"
#include "model/preference_terms.h"
#include "model/row_priors.h"
#include "model/solver_traits.h"
#include "model/user_times.h"

namespace matfac {
namespace {

using Rows = TensorRows;
using Columns = TensorColumns;
using Presence = TensorPresence;

constexpr std::array<TensorRule, 27> kTensors = {{
    {.name = "userFactors", .rows = Rows::kUsers, .columns = Columns::kFactors, .matrix = &Model::user_factors},
    {.name = "itemFactors",
     .rows = Rows::kItems,
     .columns = Columns::kFactors,
     .matrix = &Model::item_factors,
     .codes = &Model::item_codes},
    {.name = "itemImplicit",
     .rows = Rows::kItems,
     .columns = Columns::kFactors,
     .presence = Presence::kItemImplicit,
     .matrix = &Model::item_implicit,
     .codes = &Model::item_implicit_codes},
    {.name = "userBias", .rows = Rows::kUsers, .presence = Presence::kUserBiases, .numbers = &Model::user_bias},
    {.name = "itemBias", .rows = Rows::kItems, .presence = Presence::kItemBiases, .numbers = &Model::item_bias},
    {.name = "posteriorPriors",
     .rows = Rows::kSamplesDrawn,
     .columns = Columns::kPrior,
     .presence = Presence::kPosterior,
     .posterior_samples = &Posterior::samples},
    {.name = "posteriorItemPriors",
     .rows = Rows::kSamplesDrawn,
     .columns = Columns::kPrior,
     .presence = Presence::kPosterior,
     .posterior_samples = &Posterior::turned_samples},
    {.name = "posteriorUserBias",
     .rows = Rows::kUsers,
     .columns = Columns::kSamples,
     .presence = Presence::kPosteriorBiases,
     .posterior_matrix = &Posterior::user_bias},
    {.name = "posteriorItemBias",
     .rows = Rows::kItems,
     .columns = Columns::kSamples,
     .presence = Presence::kPosteriorBiases,
     .posterior_matrix = &Posterior::item_bias},
    {.name = "posteriorItemImplicitBias",
     .rows = Rows::kItems,
     .columns = Columns::kSamples,
     .presence = Presence::kPosteriorImplicitBiases,
     .posterior_matrix = &Posterior::item_implicit_bias},
    {.name = "posteriorUserNoise",
     .rows = Rows::kUsers,
     .presence = Presence::kUserNoise,
     .posterior_numbers = &Posterior::user_noise},
    {.name = "userVariances",
     .rows = Rows::kUsers,
     .columns = Columns::kFactorsAndBias,
     .presence = Presence::kVariational,
     .matrix = &Model::user_variances},
    {.name = "itemVariances",
     .rows = Rows::kItems,
     .columns = Columns::kFactorsAndBias,
     .presence = Presence::kVariational,
     .matrix = &Model::item_variances},
    {.name = "rowPriors", .presence = Presence::kVariational, .numbers = &Model::row_priors},
    {.name = "itemWeights", .rows = Rows::kItems, .presence = Presence::kDiscount, .numbers = &Model::item_weights},
    {.name = "takenItems",
     .rows = Rows::kItems,
     .columns = Columns::kPreferenceFactors,
     .presence = Presence::kPreference,
     .matrix = &Model::taken_items,
     .codes = &Model::taken_codes},
    {.name = "likedUsers",
     .rows = Rows::kUsers,
     .columns = Columns::kPreferenceFactors,
     .presence = Presence::kPreference,
     .matrix = &Model::liked_users},
    {.name = "likedItems",
     .rows = Rows::kItems,
     .columns = Columns::kPreferenceFactors,
     .presence = Presence::kPreference,
     .matrix = &Model::liked_items,
     .codes = &Model::liked_codes},
    {.name = "preferenceTerms", .presence = Presence::kPreference, .numbers = &Model::preference_terms},
    {.name = "userFeatureWeights",
     .rows = Rows::kUserFeatures,
     .columns = Columns::kFactorsAndBias,
     .presence = Presence::kFeatures,
     .matrix = &Model::user_feature_weights},
    {.name = "itemFeatureWeights",
     .rows = Rows::kItemFeatures,
     .columns = Columns::kFactorsAndBias,
     .presence = Presence::kFeatures,
     .matrix = &Model::item_feature_weights},
    {.name = "userFeatureLiked",
     .rows = Rows::kUserFeatures,
     .columns = Columns::kPreferenceFactors,
     .presence = Presence::kLikedFeatures,
     .matrix = &Model::user_feature_liked},
    {.name = "itemFeatureLiked",
     .rows = Rows::kItemFeatures,
     .columns = Columns::kPreferenceFactors,
     .presence = Presence::kLikedFeatures,
     .matrix = &Model::item_feature_liked},
    {.name = "featureRidges", .presence = Presence::kFeatures, .numbers = &Model::feature_ridges},
    {.name = "userTimes", .rows = Rows::kAnyOfUsers, .presence = Presence::kTime, .numbers = &Model::user_times},
    {.name = "ordinalTerms", .presence = Presence::kOrdinal, .numbers = &Model::ordinal_terms},
    {.name = "trainingState", .presence = Presence::kState, .numbers = &Model::state},
}};

/// Numbers in a packed PosteriorSample.
std::size_t PriorLength(int factors) { return 3 + 3 * static_cast<std::size_t>(factors); }

int PackedColumns(const ModelOptions& options) { return options.factors * options.samples; }

/// PaddedRows and PackedRows take a matrix of the preference layer with these.
ModelOptions PreferenceShape(const ModelOptions& options) { return {.factors = options.preference_factors}; }

/// How many numbers a tensor without rows has in a model that has it; nothing where that is the solver's own.
std::optional<std::size_t> LengthOf(const Model& model, const TensorRule& tensor) {
  if (tensor.presence == TensorPresence::kPreference) return PreferenceTerms::LengthFor(model.options);
  if (tensor.presence == TensorPresence::kVariational) return RowPriors::LengthFor(model.options);
  return std::nullopt;
}

/// The numbers of a tensor without columns that must be above 0: what a fold-in divides by.
std::vector<float> PositiveOnes(const Model& model, const TensorRule& tensor, const std::vector<float>& packed) {
  if (tensor.presence == TensorPresence::kUserNoise || tensor.presence == TensorPresence::kDiscount) return packed;
  if (packed.empty()) return {};
  // The noise and the users' precisions.
  if (tensor.presence == TensorPresence::kVariational)
    return {packed.begin(), packed.begin() + model.options.factors + 2};
  if (tensor.presence != TensorPresence::kPreference) return {};
  return {packed[0], packed[1], packed[PreferenceTerms::kDeviation]};
}

bool HasTensor(const Model& model, const TensorRule& tensor) {
  const SolverTraits& traits = TraitsOf(model.options.solver);
  const bool sampled = !model.posterior.samples.empty();
  const bool biases = model.options.biases;
  switch (tensor.presence) {
    case TensorPresence::kAlways:
    case TensorPresence::kState:
      return true;
    case TensorPresence::kUserBiases:
      return biases && traits.has_user_biases;
    case TensorPresence::kItemBiases:
      return biases;
    case TensorPresence::kItemImplicit:
      return model.options.implicit_terms != ImplicitTerms::kNone;
    case TensorPresence::kPosterior:
      return sampled;
    case TensorPresence::kPosteriorBiases:
      return sampled && biases;
    case TensorPresence::kPosteriorImplicitBiases:
      return sampled && biases && model.ItemImplicit().Count() > 0;
    case TensorPresence::kDiscount:
      return traits.fold_in == FoldInKind::kImplicitRidge && model.options.discount > 0.0;
    case TensorPresence::kPreference:
      return model.options.preference;
    case TensorPresence::kVariational:
      return traits.fold_in == FoldInKind::kVariational;
    case TensorPresence::kFeatures:
      return traits.reads_features;
    case TensorPresence::kLikedFeatures:
      return traits.reads_features && model.options.preference;
    case TensorPresence::kTime:
      return model.options.time != TimeKind::kNone;
    case TensorPresence::kOrdinal:
      return IsOrdinal(model.options);
    case TensorPresence::kUserNoise:
      return sampled || traits.fold_in == FoldInKind::kVariational;
  }
  return false;
}

StoredRows RowsOf(const Model& model, const TensorRule& tensor) {
  const FactorMatrix& floats = MatrixOf(model, tensor);
  return tensor.codes == nullptr ? StoredRows(floats) : StoredRows(floats, model.*tensor.codes);
}

/// Two ridges for each side (Model::feature_ridges), in a Bayesian model the mean and the variance of each feature.
std::size_t FeatureRidges(const Model& model) {
  const auto features = static_cast<std::size_t>(model.user_feature_weights.rows() + model.item_feature_weights.rows());
  if (TraitsOf(model.options.solver).fold_in == FoldInKind::kPosterior) return 2 * features;
  return features > 0 ? 4 : 0;
}

int FactorsAndBias(const ModelOptions& options) { return (options.factors + 1) * options.samples; }

/// The weights of a side's features say themselves how many columns these have.
std::size_t RowCount(const Model& model, const TensorRule& tensor, std::size_t length) {
  if (tensor.presence == TensorPresence::kFeatures && tensor.IsMatrix()) return length / FactorsAndBias(model.options);
  switch (tensor.rows) {
    case TensorRows::kUsers:
      return model.UserCount();
    case TensorRows::kUserFeatures:
      return model.user_feature_weights.rows();
    case TensorRows::kItemFeatures:
      return model.item_feature_weights.rows();
    case TensorRows::kItems:
    case TensorRows::kSamplesDrawn:
    case TensorRows::kAny:
    case TensorRows::kAnyOfUsers:
      break;
  }
  return model.ItemCount();
}

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

/// As many as the model has samples, for those of the turned model.
std::vector<PosteriorSample> SamplesFrom(const TensorRule& tensor, const std::vector<float>& priors,
                                         const Model& model) {
  if (priors.empty()) return {};
  const ModelOptions& options = model.options;
  if (TraitsOf(options.solver).fold_in != FoldInKind::kPosterior) {
    ThrowInvalid("{} must be empty with the solver '{}'; it is not", {tensor.name, SolverName(options.solver)});
  }
  const std::size_t length = PriorLength(options.factors);
  const std::size_t count = priors.size() / length;
  if (count < 1 || count > static_cast<std::size_t>(options.samples)) {
    ThrowInvalid("{} must be 1 to {} samples; it is {}", {tensor.name, options.samples, count});
  }
  const bool turned = tensor.posterior_samples == &Posterior::turned_samples;
  RequireLength(tensor.name, priors.size(), (turned ? model.posterior.samples.size() : count) * length);
  std::vector<PosteriorSample> samples;
  samples.reserve(count);
  for (std::size_t sample = 0; sample < count; ++sample) {
    samples.push_back(SampleFrom(tensor.name, std::span(priors).subspan(sample * length, length), options.factors));
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

/// The users' and the items' factors say themselves how many rows there are. svd++ from elsewhere has no implicit
/// terms.
void UnpackFactors(const TensorRule& tensor, const std::vector<float>& packed, Model& model) {
  if (tensor.presence == TensorPresence::kItemImplicit && (HasTensor(model, tensor) || !packed.empty())) {
    RequireLength(tensor.name, packed.size(),
                  static_cast<std::size_t>(model.ItemCount()) * PackedColumns(model.options));
  }
  MatrixOf(model, tensor) = PaddedRows(tensor.name, packed, model.options);
}

void UnpackNumbers(const TensorRule& tensor, const std::vector<float>& packed, std::size_t rows, int columns,
                   Model& model) {
  RequireLength(tensor.name, packed.size(), rows * columns);
  MatrixOf(model, tensor) =
      Eigen::Map<const FactorMatrix>(packed.data(), static_cast<Index>(rows), rows > 0 ? columns : 0);
}

}  // namespace

std::span<const TensorRule> Tensors() { return kTensors; }

const TensorRule* FindTensor(std::string_view name) {
  const auto* const found = std::ranges::find(kTensors, name, &TensorRule::name);
  return found == kTensors.end() ? nullptr : found;
}

std::vector<float> Packed(const Model& model, const TensorRule& tensor) {
  switch (tensor.columns) {
    case TensorColumns::kFactors:
      return PackedRows(RowsOf(model, tensor), model.options);
    case TensorColumns::kPreferenceFactors:
      return PackedRows(RowsOf(model, tensor), PreferenceShape(model.options));
    case TensorColumns::kSamples:
    case TensorColumns::kFactorsAndBias: {
      const FactorMatrix& matrix = MatrixOf(model, tensor);
      return {matrix.data(), matrix.data() + matrix.size()};
    }
    case TensorColumns::kOne:
      return NumbersOf(model, tensor);
    case TensorColumns::kPrior:
      return PackedSamples(model.posterior.*tensor.posterior_samples, model.options.factors);
  }
  return {};
}

void Unpack(const TensorRule& tensor, const std::vector<float>& packed, Model& model) {
  RequireFinite(tensor.name, packed);
  const std::size_t rows = HasTensor(model, tensor) ? RowCount(model, tensor, packed.size()) : 0;
  switch (tensor.columns) {
    case TensorColumns::kFactors:
      UnpackFactors(tensor, packed, model);
      return;
    case TensorColumns::kPreferenceFactors:
      RequireLength(tensor.name, packed.size(), rows * model.options.preference_factors);
      if (rows > 0) MatrixOf(model, tensor) = PaddedRows(tensor.name, packed, PreferenceShape(model.options));
      return;
    case TensorColumns::kSamples:
      UnpackNumbers(tensor, packed, rows, model.options.samples, model);
      return;
    case TensorColumns::kFactorsAndBias:
      UnpackNumbers(tensor, packed, rows, FactorsAndBias(model.options), model);
      if (tensor.presence == TensorPresence::kVariational) RequirePositive(tensor.name, packed);
      return;
    case TensorColumns::kOne:
      if (tensor.presence == TensorPresence::kTime) {
        if (!HasTensor(model, tensor)) RequireLength(tensor.name, packed.size(), 0);
        UserTimes(packed, model.UserCount());  // which checks them
      } else if (tensor.rows != TensorRows::kAny) {
        RequireLength(tensor.name, packed.size(), rows);
      }
      if (tensor.presence == TensorPresence::kFeatures && (!packed.empty() || !model.posterior.samples.empty())) {
        RequireLength(tensor.name, packed.size(), FeatureRidges(model));
      }
      if (tensor.presence == TensorPresence::kOrdinal) {
        if (!HasTensor(model, tensor)) RequireLength(tensor.name, packed.size(), 0);
        if (HasTensor(model, tensor)) CheckOrdinalTerms(packed);
      }
      if (const auto length = LengthOf(model, tensor)) {
        RequireLength(tensor.name, packed.size(), HasTensor(model, tensor) ? *length : 0);
      }
      RequirePositive(tensor.name, PositiveOnes(model, tensor, packed));
      NumbersOf(model, tensor) = packed;
      return;
    case TensorColumns::kPrior:
      model.posterior.*tensor.posterior_samples = SamplesFrom(tensor, packed, model);
      return;
  }
}

std::pair<int, int> BlocksOf(const TensorRule& tensor, const ModelOptions& options) {
  if (tensor.columns == TensorColumns::kPreferenceFactors) return {options.preference_factors, 1};
  return {options.factors, options.samples};
}

void UnpackCodes(const TensorRule& tensor, std::vector<std::int8_t> codes, std::vector<float> scales, Model& model) {
  if (tensor.presence != TensorPresence::kAlways) {
    const bool expected = tensor.presence == TensorPresence::kItemImplicit || HasTensor(model, tensor);
    RequireLength(tensor.name, scales.size(), expected ? model.ItemCount() : 0);
  }
  RequireFinite(tensor.name, scales);
  if (scales.empty()) return;
  const auto [width, blocks] = BlocksOf(tensor, model.options);
  MatrixOf(model, tensor).resize(0, blocks * StrideOf(width));
  model.*tensor.codes =
      QuantizedMatrix(std::make_shared<const QuantizedRows>(std::move(codes), std::move(scales), width, blocks));
}

Model Expanded(Model model) {
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.codes == nullptr || (model.*tensor.codes).Count() == 0) continue;
    MatrixOf(model, tensor) = RowsOf(model, tensor).All();
    model.*tensor.codes = {};
  }
  return model;
}

FactorMatrix PaddedRows(std::string_view name, const std::vector<float>& packed, const ModelOptions& options) {
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

std::vector<float> PackedRows(const StoredRows& rows, const ModelOptions& options) {
  std::vector<float> packed(static_cast<std::size_t>(rows.Count()) * PackedColumns(options));
  const int stride = StrideOf(options.factors);
  float* to = packed.data();
  std::vector<float> room;
  for (Index row = 0; row < rows.Count(); ++row) {
    const float* from = rows.Row(row, room);
    for (int sample = 0; sample < options.samples; ++sample, to += options.factors, from += stride) {
      std::copy_n(from, options.factors, to);
    }
  }
  return packed;
}

}  // namespace matfac
