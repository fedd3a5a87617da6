#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

/// The inner loops, in 4-wide vector extensions that GCC and Clang turn into SSE, NEON or wasm SIMD. Every length is a
/// stride, a multiple of 4 (factors.h), so no loop has a tail. The order of every sum is fixed, and so are its bits.
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

/// a · b + c, fused only in the relaxed build: elsewhere the bits are those of a multiplication and an addition.
inline Float4 MultiplyAdd(Float4 a, Float4 b, Float4 c) {
#ifdef __wasm_relaxed_simd__
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}

using Int4 = std::int32_t __attribute__((vector_size(16)));

/// True when a comparison of two vectors holds anywhere.
inline bool Any(Int4 mask) {
#ifdef __wasm_simd128__
  return __builtin_wasm_any_true_v128(mask);
#else
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2> >(mask);
  return (halves[0] | halves[1]) != 0;
#endif
}

inline float Sum(Float4 v) { return (v[0] + v[2]) + (v[1] + v[3]); }

/// A stride known when compiling; converts to int.
template <int kStride>
using Fixed = std::integral_constant<int, kStride>;

/// Calls body(stride), with common strides as constants, so that the loops unroll. The results are the same.
template <typename Body>
decltype(auto) WithStride(int stride, const Body& body) {
  switch (stride) {
    case 16:
      return body(Fixed<16>{});
    case 32:
      return body(Fixed<32>{});
    case 64:
      return body(Fixed<64>{});
    case 128:
      return body(Fixed<128>{});
    default:
      return body(stride);
  }
}

/// {Sum(a), Sum(b), Sum(c), Sum(d)}, to the bit.
inline Float4 Sums(Float4 a, Float4 b, Float4 c, Float4 d) {
  const Float4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Float4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// a·b
template <typename Stride>
inline float Dot(const float* a, const float* b, Stride stride) {
  Float4 s0{};
  Float4 s1{};
  Float4 s2{};
  Float4 s3{};
  int j = 0;
  for (; j + 16 <= stride; j += 16) {
    s0 = MultiplyAdd(Load(a + j), Load(b + j), s0);
    s1 = MultiplyAdd(Load(a + j + 4), Load(b + j + 4), s1);
    s2 = MultiplyAdd(Load(a + j + 8), Load(b + j + 8), s2);
    s3 = MultiplyAdd(Load(a + j + 12), Load(b + j + 12), s3);
  }
  if (j < stride) s0 = MultiplyAdd(Load(a + j), Load(b + j), s0);
  if (j + 4 < stride) s1 = MultiplyAdd(Load(a + j + 4), Load(b + j + 4), s1);
  if (j + 8 < stride) s2 = MultiplyAdd(Load(a + j + 8), Load(b + j + 8), s2);
  return Sum((s0 + s1) + (s2 + s3));
}

/// Four sums that add up, by Sum, to a·(b − c).
template <typename Stride>
inline Float4 DifferenceProducts(const float* a, const float* b, const float* c, Stride stride) {
  Float4 s0{};
  Float4 s1{};
  int j = 0;
#ifdef __clang__
#pragma clang loop unroll(disable)
#endif
  for (; j + 8 <= stride; j += 8) {
    s0 = MultiplyAdd(Load(a + j), Load(b + j) - Load(c + j), s0);
    s1 = MultiplyAdd(Load(a + j + 4), Load(b + j + 4) - Load(c + j + 4), s1);
  }
  if (j < stride) s0 = MultiplyAdd(Load(a + j), Load(b + j) - Load(c + j), s0);
  return s0 + s1;
}

/// a·(b − c)
template <typename Stride>
inline float DotDifference(const float* a, const float* b, const float* c, Stride stride) {
  return Sum(DifferenceProducts(a, b, c, stride));
}

/// y ← y + scale · x
inline void Axpy(float scale, const float* x, float* y, int stride) {
  const Float4 factor = Splat(scale);
  for (int j = 0; j < stride; j += kWidth) Store(y + j, MultiplyAdd(factor, Load(x + j), Load(y + j)));
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

/// Four floats of UpdatePair.
inline void UpdateVectors(float* u, float* v, Float4 step, Float4 keep) {
  const Float4 old_u = Load(u);
  const Float4 old_v = Load(v);
  Store(u, MultiplyAdd(step, old_v, old_u * keep));
  Store(v, MultiplyAdd(step, old_u, old_v * keep));
}

/// u ← keep · u + step · v and v ← keep · v + step · u, both from the old u and v.
template <typename Stride>
inline void UpdatePair(float* u, float* v, float step, float keep, Stride stride) {
  for (int j = 0; j < stride; j += kWidth) UpdateVectors(u + j, v + j, Splat(step), Splat(keep));
}

/// UpdatePair(u, v, …) and the dot product of two other rows, with their bits, in one loop: neither waits for the
/// other. Rolled, and the products last, because engines load early and multiply late: more at once runs out of
/// registers.
template <typename Stride>
inline float UpdatePairAndDot(float* u, float* v, float step, float keep, const float* next_u, const float* next_v,
                              Stride stride) {
  const Float4 step4 = Splat(step);
  const Float4 keep4 = Splat(keep);
  Float4 s0{};
  Float4 s1{};
  Float4 s2{};
  Float4 s3{};
  int left = stride;
#ifdef __clang__
#pragma clang loop unroll(disable)
#endif
  for (; left >= 16; left -= 16, u += 16, v += 16, next_u += 16, next_v += 16) {
    for (int j = 0; j < 16; j += kWidth) UpdateVectors(u + j, v + j, step4, keep4);
    s0 = MultiplyAdd(Load(next_u), Load(next_v), s0);
    s1 = MultiplyAdd(Load(next_u + 4), Load(next_v + 4), s1);
    s2 = MultiplyAdd(Load(next_u + 8), Load(next_v + 8), s2);
    s3 = MultiplyAdd(Load(next_u + 12), Load(next_v + 12), s3);
  }
  if (left > 0) s0 = MultiplyAdd(Load(next_u), Load(next_v), s0);
  if (left > 4) s1 = MultiplyAdd(Load(next_u + 4), Load(next_v + 4), s1);
  if (left > 8) s2 = MultiplyAdd(Load(next_u + 8), Load(next_v + 8), s2);
  for (int j = 0; j < left; j += kWidth) UpdateVectors(u + j, v + j, step4, keep4);
  return Sum((s0 + s1) + (s2 + s3));
}

/// u ← keep · u + step · (v − w), v ← keep · v + step · u and w ← keep · w − step · u, all from the old u, v and w.
template <typename Stride>
inline void UpdateTriple(float* u, float* v, float* w, float step, float keep, Stride stride) {
  const Float4 step4 = Splat(step);
  const Float4 keep4 = Splat(keep);
#ifdef __clang__
#pragma clang loop unroll(disable)
#endif
  for (int j = 0; j < stride; j += kWidth) {
    const Float4 old_u = Load(u + j);
    const Float4 old_v = Load(v + j);
    const Float4 old_w = Load(w + j);
    const Float4 along_u = step4 * old_u;
    Store(u + j, MultiplyAdd(step4, old_v - old_w, keep4 * old_u));
    Store(v + j, MultiplyAdd(keep4, old_v, along_u));
    Store(w + j, keep4 * old_w - along_u);
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

}  // namespace matfac::kernels
