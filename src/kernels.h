#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>

/// The inner loops, in 4-wide vector extensions that GCC and Clang turn into SSE, NEON or wasm SIMD.
/// Every length is a stride: a multiple of 4 (see factors.h), so no loop has a tail. The order of every sum is fixed,
/// and so are its bits.
namespace matfac::kernels {

using Float4 = float __attribute__((vector_size(16)));

inline constexpr int kWidth = 4;

inline Float4 Load(const float* from) {
  Float4 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void Store(float* to, Float4 value) { std::memcpy(to, &value, sizeof value); }

inline Float4 Splat(float x) { return Float4{x, x, x, x}; }

inline float Sum(Float4 v) { return (v[0] + v[2]) + (v[1] + v[3]); }

/// a·b
inline float Dot(const float* a, const float* b, int stride) {
  Float4 s0{};
  Float4 s1{};
  Float4 s2{};
  Float4 s3{};
  int j = 0;
  for (; j + 16 <= stride; j += 16) {
    s0 += Load(a + j) * Load(b + j);
    s1 += Load(a + j + 4) * Load(b + j + 4);
    s2 += Load(a + j + 8) * Load(b + j + 8);
    s3 += Load(a + j + 12) * Load(b + j + 12);
  }
  if (j < stride) s0 += Load(a + j) * Load(b + j);
  if (j + 4 < stride) s1 += Load(a + j + 4) * Load(b + j + 4);
  if (j + 8 < stride) s2 += Load(a + j + 8) * Load(b + j + 8);
  return Sum((s0 + s1) + (s2 + s3));
}

/// y ← y + scale · x
inline void Axpy(float scale, const float* x, float* y, int stride) {
  const Float4 factor = Splat(scale);
  for (int j = 0; j < stride; j += kWidth) Store(y + j, Load(y + j) + factor * Load(x + j));
}

/// y ← keep · y + scale · x
inline void Axpby(float scale, const float* x, float keep, float* y, int stride) {
  const Float4 scale4 = Splat(scale);
  const Float4 keep4 = Splat(keep);
  for (int j = 0; j < stride; j += kWidth) Store(y + j, keep4 * Load(y + j) + scale4 * Load(x + j));
}

/// x ← scale · x
inline void Scale(float scale, float* x, int stride) {
  const Float4 factor = Splat(scale);
  for (int j = 0; j < stride; j += kWidth) Store(x + j, factor * Load(x + j));
}

/// Four rows of length stride become four entries of each of stride columns, `column_stride` apart.
inline void Transpose(const float* const (&rows)[kWidth], float* columns, std::ptrdiff_t column_stride, int stride) {
  for (int f = 0; f < stride; f += kWidth) {
    const Float4 a = Load(rows[0] + f);
    const Float4 b = Load(rows[1] + f);
    const Float4 c = Load(rows[2] + f);
    const Float4 d = Load(rows[3] + f);
    float* to = columns + f * column_stride;
    for (int k = 0; k < kWidth; ++k) Store(to + k * column_stride, Float4{a[k], b[k], c[k], d[k]});
  }
}

/// u ← keep · u + step · v and v ← keep · v + step · u, both from the old u and v.
inline void UpdatePair(float* u, float* v, float step, float keep, int stride) {
  const Float4 step4 = Splat(step);
  const Float4 keep4 = Splat(keep);
  for (int j = 0; j < stride; j += kWidth) {
    const Float4 old_u = Load(u + j);
    const Float4 old_v = Load(v + j);
    Store(u + j, old_u * keep4 + step4 * old_v);
    Store(v + j, old_v * keep4 + step4 * old_u);
  }
}

struct PairSquares {
  float u;
  float v;
};

/// u ← u − step_u · g_u with g_u = λ u − e v, and v ← v − step_v · g_v with g_v = λ v − e u, both from the old u and v;
/// ‖g_u‖² and ‖g_v‖².
inline PairSquares UpdatePairByGradients(float* u, float* v, float error, float lambda, float step_u, float step_v,
                                         int stride) {
  const Float4 error4 = Splat(error);
  const Float4 lambda4 = Splat(lambda);
  const Float4 step_u4 = Splat(step_u);
  const Float4 step_v4 = Splat(step_v);
  Float4 squares_u{};
  Float4 squares_v{};
  for (int j = 0; j < stride; j += kWidth) {
    const Float4 old_u = Load(u + j);
    const Float4 old_v = Load(v + j);
    const Float4 gradient_u = lambda4 * old_u - error4 * old_v;
    const Float4 gradient_v = lambda4 * old_v - error4 * old_u;
    squares_u += gradient_u * gradient_u;
    squares_v += gradient_v * gradient_v;
    Store(u + j, old_u - step_u4 * gradient_u);
    Store(v + j, old_v - step_v4 * gradient_v);
  }
  return {.u = Sum(squares_u), .v = Sum(squares_v)};
}

/// One 4 × (4·kVectors) tile of A ← A + Σ rowsᵀ rows, held in registers over all rows.
template <int kVectors>
inline void AddOuterProductsTile(float* a, const float* rows, int count, int stride, int i, int j) {
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
      for (int c = 0; c < kVectors; ++c) sums[r][c] += left * right[c];
    }
  }
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < kVectors; ++c) Store(a + (i + r) * stride + j + c * kWidth, sums[r][c]);
  }
}

/// The upper triangle of the stride × stride matrix A ← A + Σ_n x_n x_nᵀ over `count` contiguous rows x_n.
/// What stands below the diagonal is left undefined.
inline void AddOuterProducts(float* a, const float* rows, int count, int stride) {
  for (int i = 0; i < stride; i += 4) {
    int j = i;
    for (; j + 2 * kWidth <= stride; j += 2 * kWidth) AddOuterProductsTile<2>(a, rows, count, stride, i, j);
    if (j < stride) AddOuterProductsTile<1>(a, rows, count, stride, i, j);
  }
}

/// Pivots begin … begin + 3 of A = UᵀU, in place, in the upper triangle. False when a pivot is not positive.
inline bool FactorizePanel(float* a, int stride, int begin) {
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

/// Cholesky: the upper triangle of A becomes U with A = UᵀU; false when A is not positive definite in float32.
inline bool Factorize(float* a, int stride) {
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

/// x ← (UᵀU)⁻¹ x, with U as Factorize leaves it.
inline void SolveFactorized(const float* u, float* x, int stride) {
  for (int i = 0; i < stride; ++i) {
    x[i] /= u[i * stride + i];
    for (int j = i + 1; j < stride; ++j) x[j] -= x[i] * u[i * stride + j];
  }
  for (int i = stride - 1; i >= 0; --i) {
    float sum = x[i];
    for (int j = i + 1; j < stride; ++j) sum -= u[i * stride + j] * x[j];
    x[i] = sum / u[i * stride + i];
  }
}

}  // namespace matfac::kernels
