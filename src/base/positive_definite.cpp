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
  for (int n = 0; n < count; ++n) {
    const float* row = rows + n * stride;
    Float4 right[kVectors];
    for (int c = 0; c < kVectors; ++c) right[c] = Load(row + j + c * kWidth);
    for (int r = 0; r < 4; ++r) {
      const Float4 left = Splat(row[i + r]);
      for (int c = 0; c < kVectors; ++c) sums[r][c] = MultiplyAdd(left, right[c], sums[r][c]);
    }
  }
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < kVectors; ++c) Store(a + (i + r) * stride + j + c * kWidth, sums[r][c]);
  }
}

/// Pivots begin … begin + 3 of A = UᵀU, in place, in the upper triangle. False when a pivot is not positive.
bool FactorizePanel(float* a, int stride, int begin) {
  for (int p = begin; p < begin + 4; ++p) {
    float* pivot_row = a + p * stride;
    if (!(pivot_row[p] > 0.0F)) return false;
    Scale(1.0F / std::sqrt(pivot_row[p]), pivot_row + begin, stride - begin);
    for (int i = p + 1; i < begin + 4; ++i) {
      Axpy(-pivot_row[i], pivot_row + begin, a + i * stride + begin, stride - begin);
    }
  }
  return true;
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
    if (!FactorizePanel(a, stride, p)) return false;
    const float* u = a + p * stride;
    for (int i = p + 4; i < stride; ++i) {
      const Float4 f0 = Splat(u[i]);
      const Float4 f1 = Splat(u[stride + i]);
      const Float4 f2 = Splat(u[2 * stride + i]);
      const Float4 f3 = Splat(u[3 * stride + i]);
      float* row = a + i * stride;
      for (int j = i / kWidth * kWidth; j < stride; j += kWidth) {
        const Float4 update = (f0 * Load(u + j) + f1 * Load(u + stride + j)) +
                              (f2 * Load(u + 2 * stride + j) + f3 * Load(u + 3 * stride + j));
        Store(row + j, Load(row + j) - update);
      }
    }
  }
  return true;
}

void SolveTransposed(const float* u, float* x, int stride) {
  for (int i = 0; i < stride; ++i) {
    x[i] /= u[i * stride + i];
    for (int j = i + 1; j < stride; ++j) x[j] -= x[i] * u[i * stride + j];
  }
}

void SolveUpper(const float* u, float* x, int stride) {
  for (int i = stride - 1; i >= 0; --i) {
    float sum = x[i];
    for (int j = i + 1; j < stride; ++j) sum -= u[i * stride + j] * x[j];
    x[i] = sum / u[i * stride + i];
  }
}

void SolveFactorized(const float* u, float* x, int stride) {
  SolveTransposed(u, x, stride);
  SolveUpper(u, x, stride);
}

}  // namespace matfac::kernels
