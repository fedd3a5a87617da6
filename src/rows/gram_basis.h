#pragma once

#include <vector>

#include "base/budget.h"
#include "base/factors.h"
#include "base/parallel.h"

namespace matfac {

/// The basis of the factors in which a Gram matrix is diagonal, G = Qᵀ diag(d) Q: scores and norms are those of any
/// other orthonormal basis, and a product with G costs F multiply-adds instead of F². The solution of a row without
/// observed pairs is diagonal too, whatever its regularization.
class GramBasis {
 public:
  explicit GramBasis(int factors);

  /// Finds the basis of `gram`, stride × stride, and turns the rows of `factors` into it, until all are turned (true;
  /// the next call starts again) or the budget is used up (false). `regularization` is the least of a row; throws
  /// std::invalid_argument that names it where G with it on the diagonal is singular in float32.
  bool Work(const float* gram, float regularization, FactorMatrix& factors, Workers& workers, Budget& budget);
  /// x ← Q x, of length stride; `scratch` has that length too.
  void Turn(float* x, float* scratch) const;

  /// d, of length stride.
  const float* Diagonal() const { return diagonal_.data(); }
  /// 1 / (d + the least regularization), of length stride, zero in the padding.
  const float* Preconditioner() const { return inverse_.data(); }

 private:
  void Find(const float* gram, float regularization);

  int factors_;
  int stride_;
  Index next_row_ = 0;
  std::vector<float> basis_;  // Q, stride × stride, zero in the padding
  std::vector<float> diagonal_;
  std::vector<float> inverse_;
  std::vector<std::vector<float>> scratch_;  // one per worker
};

}  // namespace matfac
