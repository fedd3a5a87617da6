#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "model/model.h"

namespace matfac {

/// What the rows of a tensor stand for.
enum class TensorRows : std::uint8_t {
  kUsers,
  kItems,
  kSamplesDrawn,
  kUserFeatures,
  kItemFeatures,
  kAny,
  /// Any number, all of which belong to users.
  kAnyOfUsers,
};

/// What stands in a row.
enum class TensorColumns : std::uint8_t {
  /// factors × samples numbers; in the core each sample is padded to a multiple of the kernels' width.
  kFactors,
  /// One number per sample.
  kSamples,
  /// One for each factor of the preference layer, padded in the core as factors are.
  kPreferenceFactors,
  /// One for each factor, then one for the bias, for each sample.
  kFactorsAndBias,
  /// A single number.
  kOne,
  /// A PosteriorSample: level, noise precision, user bias precision, and factor by factor the users' means, the users'
  /// precisions, the items' means; or that of the turned model.
  kPrior,
};

/// Which models have the tensor; in others it is empty.
enum class TensorPresence : std::uint8_t {
  kAlways,
  kUserBiases,
  kItemBiases,
  /// With implicit terms; svd++ has it too, unless it comes from elsewhere.
  kItemImplicit,
  /// A Bayesian model that keeps samples; the biases of those samples, and their implicit biases.
  kPosterior,
  kPosteriorBiases,
  kPosteriorImplicitBiases,
  /// implicit-als with a discount.
  kDiscount,
  /// With the preference layer.
  kPreference,
  /// In the models of the solver variational, and there with a bias for each row.
  kVariational,
  /// Of each user: in a Bayesian model that keeps samples, and in variational.
  kUserNoise,
  /// Where the model was trained with features of this side; and then with the preference layer.
  kFeatures,
  kLikedFeatures,
  /// In a model with time, where time has an effect.
  kTime,
  /// With the likelihood 'ordinal'.
  kOrdinal,
  /// Where the solver keeps one (docs/model-format.md).
  kState,
};

/// One array of numbers of a model: everything that copies, moves, saves or reads a model walks the list of them.
struct TensorRule {
  /// As JavaScript has it; in a model file with underscores.
  std::string_view name;
  TensorRows rows = TensorRows::kAny;
  TensorColumns columns = TensorColumns::kOne;
  TensorPresence presence = TensorPresence::kAlways;
  /// Where it stands: one of the five, the last for kPrior.
  FactorMatrix Model::* matrix = nullptr;
  std::vector<float> Model::* numbers = nullptr;
  FactorMatrix Posterior::* posterior_matrix = nullptr;
  std::vector<float> Posterior::* posterior_numbers = nullptr;
  std::vector<PosteriorSample> Posterior::* posterior_samples = nullptr;
  /// Where a model may keep it as whole numbers in place of `matrix`.
  QuantizedMatrix Model::* codes = nullptr;

  bool IsMatrix() const { return matrix != nullptr || posterior_matrix != nullptr; }
  bool IsOfPosterior() const {
    return posterior_samples != nullptr || posterior_matrix != nullptr || posterior_numbers != nullptr;
  }
};

/// True where the rows are those of the users or of the items.
constexpr bool IsOfRows(const TensorRule& tensor) {
  return tensor.rows == TensorRows::kUsers || tensor.rows == TensorRows::kItems;
}

/// All of them. What the shape of another follows from comes first: the factors, then the posterior's samples.
std::span<const TensorRule> Tensors();

/// Null for a name that no tensor has.
const TensorRule* FindTensor(std::string_view name);

/// The tensor within a model, const or not. Needs tensor.IsMatrix().
template <typename AnyModel>
auto& MatrixOf(AnyModel& model, const TensorRule& tensor) {
  return tensor.matrix != nullptr ? model.*tensor.matrix : model.posterior.*tensor.posterior_matrix;
}
/// Needs neither a matrix nor kPrior.
template <typename AnyModel>
auto& NumbersOf(AnyModel& model, const TensorRule& tensor) {
  return tensor.numbers != nullptr ? model.*tensor.numbers : model.posterior.*tensor.posterior_numbers;
}

/// The numbers row by row, without padding; empty where the model has none.
std::vector<float> Packed(const Model& model, const TensorRule& tensor);

/// True where no row has padding, so that the numbers stand in the model as they are packed.
bool IsUnpadded(const TensorRule& tensor, const ModelOptions& options);
/// The packed numbers within the model, of a tensor without rows too; none where a row has padding.
std::span<const float> Unpadded(const Model& model, const TensorRule& tensor);

/// The reverse of Packed. The model has its options and the tensors before this one. Throws std::invalid_argument that
/// names the tensor for a length that does not fit, or a number that cannot stand there.
void Unpack(const TensorRule& tensor, std::vector<float> packed, Model& model);

/// Rows and columns of so many packed numbers of a matrix. Throws std::invalid_argument for a length that does not fit.
std::pair<Index, int> PackedShape(const TensorRule& tensor, std::size_t length, const Model& model);
/// As Unpack, from a matrix of PackedShape. Needs IsUnpadded.
void UnpackWhole(const TensorRule& tensor, FactorMatrix rows, Model& model);

/// The same from q, row by row without padding at the beginning of `codes`, which has QuantizedRows::Room bytes, and a
/// scale for each row, not negative. Needs a tensor that has `codes`.
void UnpackCodes(const TensorRule& tensor, std::vector<std::int8_t> codes, std::vector<float> scales, Model& model);
/// The columns of a matrix, as QuantizedRows takes them: the width of a block, and how many there are.
std::pair<int, int> BlocksOf(const TensorRule& tensor, const ModelOptions& options);

/// The model with floats in place of its whole numbers.
Model Expanded(Model model);

}  // namespace matfac
