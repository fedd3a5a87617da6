#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/factors.h"
#include "base/kernels.h"

/// Products of vectors with rows of a matrix, four rows at a time, so that four sums are reduced together and y is
/// loaded and stored once for four rows.
namespace matfac {

using RowPanel = std::array<const float*, kernels::kWidth>;

/// {a·x, b·x, c·x, d·x}
inline kernels::Float4 Dots(const RowPanel& rows, const float* x, int stride) {
  std::array<kernels::Float4, kernels::kWidth> sums{};
  for (int i = 0; i < stride; i += kernels::kWidth) {
    const kernels::Float4 along = kernels::Load(x + i);
    for (int r = 0; r < kernels::kWidth; ++r) sums[r] += along * kernels::Load(rows[r] + i);
  }
  return kernels::Sums(sums[0], sums[1], sums[2], sums[3]);
}

/// y ← y + (f₀ a + f₁ b) + (f₂ c + f₃ d)
inline void AddRows(kernels::Float4 factors, const RowPanel& rows, float* y, int stride) {
  const std::array<kernels::Float4, kernels::kWidth> f = {kernels::Splat(factors[0]), kernels::Splat(factors[1]),
                                                          kernels::Splat(factors[2]), kernels::Splat(factors[3])};
  for (int i = 0; i < stride; i += kernels::kWidth) {
    const kernels::Float4 sum = (f[0] * kernels::Load(rows[0] + i) + f[1] * kernels::Load(rows[1] + i)) +
                                (f[2] * kernels::Load(rows[2] + i) + f[3] * kernels::Load(rows[3] + i));
    kernels::Store(y + i, kernels::Load(y + i) + sum);
  }
}

/// y ← A x for a stride × stride matrix A.
inline void Multiply(const float* a, const float* x, float* y, int stride) {
  for (int i = 0; i < stride; i += kernels::kWidth) {
    const float* row = a + i * stride;
    kernels::Store(y + i, Dots({row, row + stride, row + 2 * stride, row + 3 * stride}, x, stride));
  }
}

/// Rated rows of a matrix that several passes visit. Where the matrix does not fit into a cache, the first pass would
/// wait for each row, and the next ones for its page: the rows are fetched and copied next to each other first, which
/// waits for many rows at a time.
class GatheredRows {
 public:
  /// The rows must outlive the passes.
  void Gather(const FactorMatrix& others, std::span<const Index> rated);

  /// Calls visit(j, rows j … j + 3) for all of them. Past the end the last row is repeated; its weights there must be
  /// zero.
  template <typename Visit>
  void ForEachPanel(const Visit& visit) const {
    for (std::size_t j = 0; j < rows_.size(); j += kernels::kWidth) {
      visit(j, RowPanel{rows_[j], rows_[j + 1], rows_[j + 2], rows_[j + 3]});
    }
  }

 private:
  std::vector<const float*> rows_;
  std::vector<float> copies_;
  kernels::Float4 touched_{};  // keeps loads that fetch rows
};

/// Calls visit(j, rows j … j + 3) for all rated rows of the other side. Past the end the last row is repeated; its
/// weights there must be zero.
template <typename Visit>
void ForEachPanel(const FactorMatrix& others, std::span<const Index> rated, const Visit& visit) {
  const std::size_t count = rated.size();
  for (std::size_t j = 0; j < count; j += kernels::kWidth) {
    RowPanel rows{};
    for (std::size_t r = 0; r < kernels::kWidth; ++r) rows[r] = RowOf(others, rated[std::min(j + r, count - 1)]);
    visit(j, rows);
  }
}

}  // namespace matfac
