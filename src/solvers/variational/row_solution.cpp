#include "solvers/variational/row_solution.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/positive_definite.h"
#include "base/row_panel.h"

namespace matfac {
namespace {

using kernels::Float4;
using kernels::Load;
using kernels::Splat;
using kernels::Store;

constexpr int kWidth = kernels::kWidth;

/// Before a loop whose body has enough to do at once: unrolled, it would be larger and no faster.
#ifdef __clang__
#define MATFAC_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define MATFAC_ROLLED
#endif

/// sums += Σ of four records, one after the other.
void AddPanel(const RowPanel& rows, float* sums, int length) {
  MATFAC_ROLLED
  for (int i = 0; i < length; i += kWidth) {
    Float4 sum = Load(sums + i);
    for (int r = 0; r < kWidth; ++r) sum += Load(rows[r] + i);
    Store(sums + i, sum);
  }
}

/// Rows p … p + 3 and columns c … c + 3 of Y = U⁻ᵀ: UᵀY = I, forward, from the rows above.
void SolveTile(const float* u, float* y, int stride, int p, int c) {
  Float4 tile[kWidth] = {};
  if (c == p) {
    for (int r = 0; r < kWidth; ++r) tile[r][r] = 1.0F;
  }
  MATFAC_ROLLED
  for (int k = c; k < p; ++k) {
    const Float4 above = Load(y + k * stride + c);
    for (int r = 0; r < kWidth; ++r) tile[r] -= Splat(u[k * stride + p + r]) * above;
  }
  for (int r = 0; r < kWidth; ++r) {
    for (int k = 0; k < r; ++k) tile[r] -= Splat(u[(p + k) * stride + p + r]) * tile[k];
    tile[r] /= Splat(u[(p + r) * stride + p + r]);
    Store(y + (p + r) * stride + c, tile[r]);
  }
}

/// Rows i … i + 3 and columns j … j + 3, i ≤ j, of YᵀY for a lower triangular Y.
void MultiplyTile(const float* y, float* product, int stride, int i, int j) {
  Float4 tile[kWidth] = {};
  MATFAC_ROLLED
  for (int k = j; k < stride; ++k) {
    const Float4 right = Load(y + k * stride + j);
    for (int r = 0; r < kWidth; ++r) tile[r] += Splat(y[k * stride + i + r]) * right;
  }
  for (int r = 0; r < kWidth; ++r) Store(product + (i + r) * stride + j, tile[r]);
}

}  // namespace

void AddRecords(const FactorMatrix& records, std::span<const Index> rows, std::span<const float> targets,
                const MomentLayout& layout, float* moments, float* weighted) {
  std::size_t j = 0;
  for (; j + kWidth <= rows.size(); j += kWidth) {
    RowPanel panel{};
    for (int r = 0; r < kWidth; ++r) panel[r] = RowOf(records, rows[j + r]);
    AddPanel(panel, moments, layout.length);
    MATFAC_ROLLED
    for (int i = 0; i < layout.head; i += kWidth) {
      Float4 sum = Load(weighted + i);
      for (int r = 0; r < kWidth; ++r) sum += Splat(targets[j + r]) * Load(panel[r] + i);
      Store(weighted + i, sum);
    }
  }
  for (; j < rows.size(); ++j) {
    const float* record = RowOf(records, rows[j]);
    MATFAC_ROLLED
    for (int i = 0; i < layout.length; i += kWidth) Store(moments + i, Load(moments + i) + Load(record + i));
    MATFAC_ROLLED
    for (int i = 0; i < layout.head; i += kWidth) {
      Store(weighted + i, Load(weighted + i) + Splat(targets[j]) * Load(record + i));
    }
  }
}

void StandardScores(const float* own, const FactorMatrix& records, std::span<const Index> rows,
                    const MomentLayout& layout, float* scores) {
  const Float4 bias = Splat(own[layout.BiasMean()]);
  ForEachPanel(records, rows, [&](std::size_t j, const RowPanel& panel) {
    Float4 sum = Dots(panel, own, layout.ones) + bias;
    for (int r = 0; r < kWidth; ++r) sum[r] += panel[r][layout.BiasMean()];
    Store(scores + j, sum);
  });
}

bool SolveRow(float* matrix, const float* right, int stride, float* lower, float* covariance, float* mean) {
  if (!kernels::Factorize(matrix, stride)) return false;
  std::fill_n(mean, stride, 0.0F);
  for (int p = 0; p < stride; p += kWidth) {
    for (int c = 0; c <= p; c += kWidth) SolveTile(matrix, lower, stride, p, c);
    // m = YᵀY (A m)
    RowPanel panel{};
    for (int r = 0; r < kWidth; ++r) panel[r] = lower + (p + r) * stride;
    AddRows(Dots(panel, right, p + kWidth), panel, mean, p + kWidth);
  }
  for (int j = 0; j < stride; j += kWidth) {
    for (int i = 0; i <= j; i += kWidth) MultiplyTile(lower, covariance, stride, i, j);
  }
  return true;
}

}  // namespace matfac
