#pragma once

#include <vector>

namespace matfac {

/// A symmetric n × n matrix as Q diag(values) Qᵀ.
struct SymmetricEigen {
  /// In falling order.
  std::vector<double> values;
  /// n × n, row-major: row k is the unit eigenvector of values[k]. Its sign is not specified.
  std::vector<double> vectors;
};

/// By Householder's tridiagonalization and implicitly shifted QR steps (Golub and Van Loan 2013, sections 8.3.1 and
/// 8.3.4), about 10 n³ operations. `matrix` is n × n; only its lower triangle is read. Throws
/// std::invalid_argument for one that is not finite. Eigen's own solver would be a
/// tenth of the WebAssembly module.
SymmetricEigen EigenOf(std::vector<double> matrix, int n);

}  // namespace matfac
