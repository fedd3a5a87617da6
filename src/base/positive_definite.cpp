#include "base/positive_definite.h"

#include <cmath>

#include "base/kernels.h"

namespace matfac::kernels {
namespace {

/// One 4 × (4·kVectors) tile of A ← A + Σ rowsᵀ rows, held in registers over all rows.
template <int kVectors>
void AddOuterProductsTile(float* a, const float* rows, int count, int stride, int i, int j) {
  Float4 sums[4][kVectors];
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < kVectors; ++c) sums[r][c] = Load(a + (i + r) * stride + j + c * kWidth);
  }
  const float* x = rows + i;
  const float* y = rows + j;
  for (int n = 0; n < count; ++n, x += stride, y += stride) {
    Float4 right[kVectors];
    for (int c = 0; c < kVectors; ++c) right[c] = Load(y + c * kWidth);
    for (int r = 0; r < 4; ++r) {
      const Float4 left = Splat(x[r]);
      for (int c = 0; c < kVectors; ++c) sums[r][c] = MultiplyAdd(left, right[c], sums[r][c]);
    }
  }
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < kVectors; ++c) Store(a + (i + r) * stride + j + c * kWidth, sums[r][c]);
  }
}

/// Rows that are updated together, with the values of U loaded once for all.
constexpr int kRows = 2;

/// Rows i … i + kRows − 1 of A, less their products with four rows of U.
void SubtractProducts(const float* u, float* rows, int stride, int i) {
  Float4 left[kRows][4];
  for (int r = 0; r < kRows; ++r) {
    for (int p = 0; p < 4; ++p) left[r][p] = Splat(u[p * stride + i + r]);
  }
  for (int j = i / kWidth * kWidth; j < stride; j += kWidth) {
    const Float4 right[4] = {Load(u + j), Load(u + stride + j), Load(u + 2 * stride + j), Load(u + 3 * stride + j)};
    for (int r = 0; r < kRows; ++r) {
      float* x = rows + r * stride + j;
      Store(x, Load(x) -
                   ((left[r][0] * right[0] + left[r][1] * right[1]) + (left[r][2] * right[2] + left[r][3] * right[3])));
    }
  }
}

/// Four rows of A = UᵀU from their pivots on, the first of which is at `begin`, in place. False when a pivot is not
/// positive.
bool FactorizePanel(float* rows, int stride, int begin) {
  float* const row[4] = {rows, rows + stride, rows + 2 * stride, rows + 3 * stride};
  float inverse[4];
  float negated[4][4];
  for (int p = 0; p < 4; ++p) {
    float* x = row[p] + begin;
    for (int q = 0; q < p; ++q) {
      for (int r = p; r < 4; ++r) x[r] += negated[q][p] * row[q][begin + r];
    }
    if (!(x[p] > 0.0F)) return false;
    inverse[p] = 1.0F / std::sqrt(x[p]);
    for (int r = p; r < 4; ++r) x[r] *= inverse[p];
    for (int r = p + 1; r < 4; ++r) negated[p][r] = -x[r];
  }
  for (int j = begin + 4; j < stride; j += kWidth) {
    Float4 x[4];
    for (int p = 0; p < 4; ++p) {
      x[p] = Load(row[p] + j);
      for (int q = 0; q < p; ++q) x[p] = MultiplyAdd(Splat(negated[q][p]), x[q], x[p]);
      x[p] *= Splat(inverse[p]);
      Store(row[p] + j, x[p]);
    }
  }
  return true;
}

/// SolveUpper with every sum in the order of the columns, on which the bits of the models of several solvers depend.
void SolveUpperInOrder(const float* u, float* x, int stride) {
  for (int i = stride - 1; i >= 0; --i) {
    float sum = x[i];
    for (int j = i + 1; j < stride; ++j) sum -= u[i * stride + j] * x[j];
    x[i] = sum / u[i * stride + i];
  }
}

}  // namespace

void AddOuterProducts(float* a, const float* rows, int count, int stride) {
  for (int i = 0; i < stride; i += 4) {
    int j = i;
    for (; j + 2 * kWidth <= stride; j += 2 * kWidth) AddOuterProductsTile<2>(a, rows, count, stride, i, j);
    if (j < stride) AddOuterProductsTile<1>(a, rows, count, stride, i, j);
  }
}

bool Factorize(float* a, int stride) {
  for (int p = 0; p < stride; p += 4) {
    const float* u = a + p * stride;
    if (!FactorizePanel(a + p * stride, stride, p)) return false;
    for (int i = p + 4; i < stride; i += kRows) SubtractProducts(u, a + i * stride, stride, i);
  }
  return true;
}

void SolveTransposed(const float* u, float* x, int stride) {
  for (int i = 0; i < stride; i += 4) {
    const float* u0 = u + i * stride;
    const float* u1 = u0 + stride;
    const float* u2 = u1 + stride;
    const float* u3 = u2 + stride;
    float* y = x + i;
    y[0] /= u0[i];
    y[1] = (y[1] - y[0] * u0[i + 1]) / u1[i + 1];
    y[2] = (y[2] - y[0] * u0[i + 2] - y[1] * u1[i + 2]) / u2[i + 2];
    y[3] = (y[3] - y[0] * u0[i + 3] - y[1] * u1[i + 3] - y[2] * u2[i + 3]) / u3[i + 3];
    const Float4 y0 = Splat(y[0]);
    const Float4 y1 = Splat(y[1]);
    const Float4 y2 = Splat(y[2]);
    const Float4 y3 = Splat(y[3]);
    for (int j = i + 4; j < stride; j += kWidth) {
      Store(x + j, Load(x + j) - y0 * Load(u0 + j) - y1 * Load(u1 + j) - y2 * Load(u2 + j) - y3 * Load(u3 + j));
    }
  }
}

void SolveUpper(const float* u, float* x, int stride) {
  for (int i = stride - 4; i >= 0; i -= 4) {
    const float* u0 = u + i * stride;
    const float* u1 = u0 + stride;
    const float* u2 = u1 + stride;
    const float* u3 = u2 + stride;
    Float4 sums[4] = {};
    for (int j = i + 4; j < stride; j += kWidth) {
      const Float4 along = Load(x + j);
      sums[0] = MultiplyAdd(Load(u0 + j), along, sums[0]);
      sums[1] = MultiplyAdd(Load(u1 + j), along, sums[1]);
      sums[2] = MultiplyAdd(Load(u2 + j), along, sums[2]);
      sums[3] = MultiplyAdd(Load(u3 + j), along, sums[3]);
    }
    const Float4 rest = Load(x + i) - Sums(sums[0], sums[1], sums[2], sums[3]);
    float* y = x + i;
    y[3] = rest[3] / u3[i + 3];
    y[2] = (rest[2] - u2[i + 3] * y[3]) / u2[i + 2];
    y[1] = (rest[1] - u1[i + 2] * y[2] - u1[i + 3] * y[3]) / u1[i + 1];
    y[0] = (rest[0] - u0[i + 1] * y[1] - u0[i + 2] * y[2] - u0[i + 3] * y[3]) / u0[i];
  }
}

void SolveFactorized(const float* u, float* x, int stride) {
  SolveTransposed(u, x, stride);
  SolveUpperInOrder(u, x, stride);
}

}  // namespace matfac::kernels
