#include "ranking/item_map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/positive_definite.h"
#include "base/symmetric_eigen.h"
#include "model/numbers.h"

namespace matfac {
namespace {

/// The covariance and its eigenvectors are dense.
constexpr int kMostColumns = 1024;
/// Rows summed in float32 before they go into the double sums.
constexpr Index kBlockRows = 128;
/// A variance below this share of the largest is rounding of the float32 sums.
constexpr double kNoVariance = 1e-6;

/// ‖x‖, where no square overflows, or loses digits that matter to underflow.
double LengthOf(const float* x, int stride) {
  double squares = 0.0;
  for (int f = 0; f < stride; ++f) squares += static_cast<double>(x[f]) * x[f];
  return std::sqrt(squares);
}

/// x of all rows.
FactorMatrix CentredDirections(FactorMatrix rows, std::span<const float> trust) {
  const auto stride = static_cast<int>(rows.cols());
  std::vector<double> weights(rows.rows(), 1.0);
  std::ranges::copy(trust, weights.begin());
  std::vector<double> mean(stride);
  double total = 0.0;
  for (Index row = 0; row < rows.rows(); ++row) {
    float* const x = RowOf(rows, row);
    const double length = LengthOf(x, stride);
    if (length == 0.0) weights[row] = 0.0;
    total += weights[row];
    for (int f = 0; length > 0.0 && f < stride; ++f) {
      x[f] = static_cast<float>(x[f] / length);
      mean[f] += weights[row] * x[f];
    }
  }
  for (double& sum : mean) sum /= std::max(total, std::numeric_limits<double>::min());
  for (Index row = 0; row < rows.rows(); ++row) {
    float* const x = RowOf(rows, row);
    for (int f = 0; f < stride; ++f) x[f] = static_cast<float>(weights[row] * (x[f] - mean[f]));
  }
  return rows;
}

/// The lower triangle of C.
std::vector<double> Covariance(const FactorMatrix& x) {
  const auto stride = static_cast<int>(x.cols());
  const auto rows = static_cast<Index>(x.rows());
  std::vector<float> sums(static_cast<std::size_t>(stride) * stride);
  std::vector<double> covariance(sums.size());
  for (Index first = 0; first < rows; first += kBlockRows) {
    const Index count = std::min(kBlockRows, rows - first);
    std::ranges::fill(sums, 0.0F);
    kernels::AddOuterProducts(sums.data(), RowOf(x, first), count, stride);
    // AddOuterProducts fills the upper triangle.
    for (int i = 0; i < stride; ++i) {
      for (int j = i; j < stride; ++j) covariance[j * stride + i] += sums[i * stride + j];
    }
  }
  for (double& sum : covariance) sum /= static_cast<double>(rows);
  return covariance;
}

/// A unit vector with the sign defined in the header.
std::vector<float> AxisOf(const double* vector, int stride) {
  int largest = 0;
  for (int f = 1; f < stride; ++f) {
    if (std::abs(vector[f]) > std::abs(vector[largest])) largest = f;
  }
  const double sign = vector[largest] < 0.0 ? -1.0 : 1.0;
  std::vector<float> axis;
  axis.reserve(stride);
  for (int f = 0; f < stride; ++f) axis.push_back(static_cast<float>(sign * vector[f]));
  return axis;
}

}  // namespace

FactorMatrix MapItems(const StoredRows& item_factors, int dimensions, std::span<const float> trust) {
  const int stride = item_factors.Stride();
  const Index rows = item_factors.Count();
  if (stride > kMostColumns) {
    ThrowUnsupported("a map must have at most {} numbers per item; it has {}, and fewer samples would help",
                     {kMostColumns, stride});
  }
  if (!trust.empty()) RequireLength("trust", trust.size(), rows);
  FactorMatrix places = FactorMatrix::Zero(rows, dimensions);
  if (rows == 0) return places;
  const FactorMatrix x = CentredDirections(item_factors.All(), trust);
  const SymmetricEigen eigen = EigenOf(Covariance(x), stride);
  for (int k = 0; k < std::min(dimensions, stride); ++k) {
    if (!(eigen.values[k] > kNoVariance * eigen.values[0])) break;
    const std::vector<float> axis = AxisOf(&eigen.vectors[k * stride], stride);
    for (Index row = 0; row < rows; ++row) places(row, k) = kernels::Dot(RowOf(x, row), axis.data(), stride);
  }
  return places;
}

}  // namespace matfac
