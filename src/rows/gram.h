#pragma once

#include <vector>

#include "base/budget.h"
#include "base/parallel.h"
#include "base/stored_rows.h"

namespace matfac {

/// XᵀX of a factor matrix, summed over fixed blocks of rows in their order: the same bits for any number of threads and
/// any slicing of time. With it a sum over all pairs costs no pass over pairs (Hu, Koren and Volinsky 2008):
///   Σ_m (u·v_m)² = uᵀ VᵀV u,  Σ_nm (u_n·v_m)² = ⟨UᵀU, VᵀV⟩
class Gram {
 public:
  explicit Gram(int stride);

  /// Continues the sum until it is complete (true; the next call starts another) or the budget is used up (false).
  /// Needs factors of this stride that stay the same until the sum is complete.
  bool Work(const StoredRows& factors, Workers& workers, Budget& budget);
  /// Replaces the matrix by a diagonal one, of these stride entries.
  void SetDiagonal(const float* diagonal);
  /// Computes another sum in one call, on the caller's thread, without a budget.
  void Sum(const StoredRows& factors);

  /// The symmetric matrix, stride × stride, after a complete sum.
  const float* Data() const { return matrix_.data(); }
  /// ⟨XᵀX, YᵀY⟩, before rounding to float32.
  double Dot(const Gram& other) const;

 private:
  void Prepare(const Workers& workers);
  /// Adds the next blocks, as many as are in flight at a time, and returns the number of their rows.
  Index AddFlight(const StoredRows& factors, Workers& workers);
  void AddBlock(const StoredRows& factors, Index first_row, int slot, int worker);
  void Finish();

  int stride_;
  Index block_rows_;
  Index next_row_ = 0;
  std::vector<double> sum_;                     // the upper triangle
  std::vector<std::vector<double>> partial_;    // one per block in flight
  std::vector<std::vector<float>> block_sums_;  // one per worker
  std::vector<float> matrix_;
};

/// The Gram matrix, in one call, on the caller's thread.
Gram GramOf(const StoredRows& factors);

}  // namespace matfac
