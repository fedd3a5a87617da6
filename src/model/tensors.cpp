#include "model/tensors.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/errors.h"
#include "model/numbers.h"
#include "model/ordinal.h"
#include "model/posterior_samples.h"
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

FactorMatrix PaddedRows(const std::vector<float>& packed, Index rows, int width, int blocks) {
  const int stride = StrideOf(width);
  FactorMatrix matrix = FactorMatrix::Zero(rows, blocks * stride);
  const float* from = packed.data();
  for (Index row = 0; row < rows; ++row) {
    for (int block = 0; block < blocks; ++block, from += width) {
      std::copy_n(from, width, RowOf(matrix, row) + block * stride);
    }
  }
  return matrix;
}

std::vector<float> PackedRows(const StoredRows& rows, int width, int blocks) {
  std::vector<float> packed(static_cast<std::size_t>(rows.Count()) * width * blocks);
  const int stride = StrideOf(width);
  float* to = packed.data();
  std::vector<float> room;
  for (Index row = 0; row < rows.Count(); ++row) {
    const float* from = rows.Row(row, room);
    for (int block = 0; block < blocks; ++block, to += width, from += stride) std::copy_n(from, width, to);
  }
  return packed;
}

/// Needs checked numbers.
void Place(const TensorRule& tensor, FactorMatrix&& rows, Model& model) {
  // The columns of no rows say what a model's factors are, and nothing elsewhere.
  if (rows.rows() > 0 || tensor.columns == TensorColumns::kFactors) MatrixOf(model, tensor) = std::move(rows);
}

void CheckNumbers(const TensorRule& tensor, std::span<const float> packed) {
  RequireFinite(tensor.name, packed, tensor.IsMatrix() && tensor.presence == TensorPresence::kVariational);
}

void UnpackVector(const TensorRule& tensor, std::vector<float>&& packed, Model& model) {
  const bool has = HasTensor(model, tensor);
  const bool is_known = tensor.presence != TensorPresence::kTime && tensor.presence != TensorPresence::kOrdinal;
  if (!is_known && !has) RequireLength(tensor.name, packed.size(), 0);
  if (tensor.presence == TensorPresence::kTime) {
    UserTimes(packed, model.UserCount());  // which checks them
  } else if (tensor.rows != TensorRows::kAny) {
    RequireLength(tensor.name, packed.size(), has ? RowCount(model, tensor, packed.size()) : 0);
  }
  if (tensor.presence == TensorPresence::kFeatures && (!packed.empty() || !model.posterior.samples.empty())) {
    RequireLength(tensor.name, packed.size(), FeatureRidges(model));
  }
  if (tensor.presence == TensorPresence::kOrdinal && has) CheckOrdinalTerms(packed);
  if (const auto length = LengthOf(model, tensor)) RequireLength(tensor.name, packed.size(), has ? *length : 0);
  RequirePositive(tensor.name, PositiveOnes(model, tensor, packed));
  NumbersOf(model, tensor) = std::move(packed);
}

}  // namespace

std::span<const TensorRule> Tensors() { return kTensors; }

const TensorRule* FindTensor(std::string_view name) {
  const auto* const found = std::ranges::find(kTensors, name, &TensorRule::name);
  return found == kTensors.end() ? nullptr : found;
}

std::vector<float> Packed(const Model& model, const TensorRule& tensor) {
  if (tensor.columns == TensorColumns::kPrior) {
    return PackedSamples(model.posterior.*tensor.posterior_samples, model.options.factors);
  }
  const std::span<const float> whole = Unpadded(model, tensor);
  if (!whole.empty()) return {whole.begin(), whole.end()};
  if (!tensor.IsMatrix()) return {};
  const auto [width, blocks] = BlocksOf(tensor, model.options);
  return PackedRows(RowsOf(model, tensor), width, blocks);
}

bool IsUnpadded(const TensorRule& tensor, const ModelOptions& options) {
  if (!tensor.IsMatrix()) return false;
  const bool is_padded =
      tensor.columns == TensorColumns::kFactors || tensor.columns == TensorColumns::kPreferenceFactors;
  const int width = BlocksOf(tensor, options).first;
  return !is_padded || StrideOf(width) == width;
}

std::span<const float> Unpadded(const Model& model, const TensorRule& tensor) {
  if (tensor.columns == TensorColumns::kOne) return NumbersOf(model, tensor);
  if (!IsUnpadded(tensor, model.options)) return {};
  const FactorMatrix& matrix = MatrixOf(model, tensor);
  return {matrix.data(), static_cast<std::size_t>(matrix.size())};
}

std::pair<Index, int> PackedShape(const TensorRule& tensor, std::size_t length, const Model& model) {
  const auto [width, blocks] = BlocksOf(tensor, model.options);
  const int columns = width * blocks;
  std::size_t rows = 0;
  if (tensor.presence == TensorPresence::kAlways) {
    rows = length / columns;
  } else if (tensor.presence == TensorPresence::kItemImplicit) {
    // svd++ from elsewhere has no implicit terms.
    rows = HasTensor(model, tensor) || length > 0 ? model.ItemCount() : 0;
  } else if (HasTensor(model, tensor)) {
    rows = RowCount(model, tensor, length);
  }
  RequireLength(tensor.name, length, rows * columns);
  return {static_cast<Index>(rows), columns};
}

void UnpackWhole(const TensorRule& tensor, FactorMatrix rows, Model& model) {
  CheckNumbers(tensor, {rows.data(), static_cast<std::size_t>(rows.size())});
  Place(tensor, std::move(rows), model);
}

void Unpack(const TensorRule& tensor, std::vector<float> packed, Model& model) {
  CheckNumbers(tensor, packed);
  if (tensor.columns == TensorColumns::kPrior) {
    model.posterior.*tensor.posterior_samples =
        UnpackedSamples(tensor.name, packed, model, tensor.posterior_samples == &Posterior::turned_samples);
    return;
  }
  if (!tensor.IsMatrix()) return UnpackVector(tensor, std::move(packed), model);
  const auto [rows, columns] = PackedShape(tensor, packed.size(), model);
  if (IsUnpadded(tensor, model.options)) {
    Place(tensor, Eigen::Map<const FactorMatrix>(packed.data(), rows, columns), model);
    return;
  }
  const auto [width, blocks] = BlocksOf(tensor, model.options);
  Place(tensor, PaddedRows(packed, rows, width, blocks), model);
}

std::pair<int, int> BlocksOf(const TensorRule& tensor, const ModelOptions& options) {
  switch (tensor.columns) {
    case TensorColumns::kPreferenceFactors:
      return {options.preference_factors, 1};
    case TensorColumns::kFactorsAndBias:
      return {options.factors + 1, options.samples};
    case TensorColumns::kSamples:
      return {1, options.samples};
    case TensorColumns::kFactors:
    case TensorColumns::kOne:
    case TensorColumns::kPrior:
      break;
  }
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

}  // namespace matfac
