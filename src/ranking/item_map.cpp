#include "ranking/item_map.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/symmetric_eigen.h"

namespace matfac {
namespace {

/// The covariance and its eigenvectors are dense.
constexpr int kMostColumns = 1024;
/// Rows summed in float32 before they go into the double sums.
constexpr Index kBlockRows = 128;
/// A variance below this share of the largest is rounding of the float32 sums.
constexpr double kNoVariance = 1e-6;
/// Between these no sum of squares overflows, or loses digits that matter to underflow.
constexpr float kSmallPeak = 1e-12F;
constexpr float kLargePeak = 1e12F;

std::vector<float> MeanRow(const FactorMatrix& factors) {
  std::vector<double> sums(factors.cols());
  for (Index row = 0; row < factors.rows(); ++row) {
    const float* from = RowOf(factors, row);
    for (double& sum : sums) sum += *from++;
  }
  std::vector<float> mean;
  mean.reserve(sums.size());
  for (const double sum : sums) mean.push_back(static_cast<float>(sum / static_cast<double>(factors.rows())));
  return mean;
}

/// The lower triangle of C.
std::vector<double> Covariance(const FactorMatrix& factors, const std::vector<float>& mean) {
  const auto stride = static_cast<int>(factors.cols());
  const auto rows = static_cast<Index>(factors.rows());
  std::vector<float> block(static_cast<std::size_t>(kBlockRows) * stride);
  std::vector<float> sums(static_cast<std::size_t>(stride) * stride);
  std::vector<double> covariance(sums.size());
  for (Index first = 0; first < rows; first += kBlockRows) {
    const Index count = std::min(kBlockRows, rows - first);
    std::copy_n(RowOf(factors, first), static_cast<std::size_t>(count) * stride, block.data());
    for (Index row = 0; row < count; ++row) kernels::Axpy(-1.0F, mean.data(), &block[row * stride], stride);
    std::ranges::fill(sums, 0.0F);
    kernels::AddOuterProducts(sums.data(), block.data(), count, stride);
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

/// rows · 2^exponent
FactorMatrix TimesPowerOfTwo(FactorMatrix rows, int exponent) {
  for (float* x = rows.data(); x != rows.data() + rows.size(); ++x) *x = std::ldexp(*x, exponent);
  return rows;
}

/// Needs factors whose squares float32 holds.
FactorMatrix MapUsual(const FactorMatrix& item_factors, int dimensions) {
  const auto stride = static_cast<int>(item_factors.cols());
  const auto rows = static_cast<Index>(item_factors.rows());
  FactorMatrix places = FactorMatrix::Zero(rows, dimensions);
  if (rows == 0) return places;
  const std::vector<float> mean = MeanRow(item_factors);
  const SymmetricEigen eigen = EigenOf(Covariance(item_factors, mean), stride);
  for (int k = 0; k < std::min(dimensions, stride); ++k) {
    if (!(eigen.values[k] > kNoVariance * eigen.values[0])) break;
    const std::vector<float> axis = AxisOf(&eigen.vectors[k * stride], stride);
    const float centre = kernels::Dot(mean.data(), axis.data(), stride);
    for (Index row = 0; row < rows; ++row) {
      places(row, k) = kernels::Dot(RowOf(item_factors, row), axis.data(), stride) - centre;
    }
  }
  return places;
}

}  // namespace

FactorMatrix MapItems(const FactorMatrix& item_factors, int dimensions) {
  if (item_factors.cols() > kMostColumns) {
    throw UnsupportedError("a map must have at most " + std::to_string(kMostColumns) + " numbers per item; it has " +
                           std::to_string(item_factors.cols()) + ", and fewer samples would help");
  }
  const float peak = item_factors.size() > 0 ? item_factors.cwiseAbs().maxCoeff() : 0.0F;
  if (peak == 0.0F || (peak > kSmallPeak && peak < kLargePeak)) return MapUsual(item_factors, dimensions);
  int exponent = 0;
  std::frexp(peak, &exponent);
  return TimesPowerOfTwo(MapUsual(TimesPowerOfTwo(item_factors, -exponent), dimensions), exponent);
}

}  // namespace matfac
