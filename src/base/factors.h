#pragma once

#include <Eigen/Core>

#include "base/index.h"

namespace matfac {

/// One row per user or item: F factors, padded with zeros to the stride. Every solver keeps the padding at zero.
using FactorMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// F rounded up to a multiple of 4.
constexpr int StrideOf(int factors) { return (factors + 3) / 4 * 4; }

/// The matrix.cols() numbers of a row, valid until the matrix is resized or destroyed. Needs 0 ≤ row < rows().
inline const float* RowOf(const FactorMatrix& matrix, Index row) { return matrix.data() + row * matrix.cols(); }
inline float* RowOf(FactorMatrix& matrix, Index row) { return matrix.data() + row * matrix.cols(); }

}  // namespace matfac
