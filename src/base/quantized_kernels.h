#pragma once

#include <cstdint>
#include <cstring>

#include "base/kernels.h"

/// Products of 8-bit and 16-bit whole numbers, in vector extensions as in kernels.h. The sums are exact.
namespace matfac::kernels {

using Short8 = std::int16_t __attribute__((vector_size(16)));
using Int4 = std::int32_t __attribute__((vector_size(16)));

/// Eight numbers of 8 bits, widened.
inline Short8 LoadWidened(const std::int8_t* from) {
  std::int8_t __attribute__((vector_size(8))) bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return __builtin_convertvector(bytes, Short8);
}

/// Four numbers of 8 bits, as floats.
inline Float4 LoadConverted(const std::int8_t* from) {
  std::int8_t __attribute__((vector_size(4))) bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return __builtin_convertvector(bytes, Float4);
}

inline Short8 LoadShorts(const std::int16_t* from) {
  Short8 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// a₀b₀ + a₁b₁, a₂b₂ + a₃b₃, …
inline Int4 DotPairs(Short8 a, Short8 b) {
#ifdef __wasm_simd128__
  return __builtin_wasm_dot_s_i32x4_i16x8(a, b);
#else
  using Short4 = std::int16_t __attribute__((vector_size(8)));
  const auto product = [](Short4 x, Short4 y) {
    return __builtin_convertvector(x, Int4) * __builtin_convertvector(y, Int4);
  };
  return product(__builtin_shufflevector(a, a, 0, 2, 4, 6), __builtin_shufflevector(b, b, 0, 2, 4, 6)) +
         product(__builtin_shufflevector(a, a, 1, 3, 5, 7), __builtin_shufflevector(b, b, 1, 3, 5, 7));
#endif
}

/// The sum of each of the four.
inline Int4 Sums(Int4 a, Int4 b, Int4 c, Int4 d) {
  const Int4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Int4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// The products of x with four contiguous rows. `length` is a multiple of 8.
inline Int4 DotFourRows(const std::int16_t* x, const std::int8_t* rows, int length) {
  Int4 s0{};
  Int4 s1{};
  Int4 s2{};
  Int4 s3{};
  for (int j = 0; j < length; j += 8) {
    const Short8 along = LoadShorts(x + j);
    s0 += DotPairs(along, LoadWidened(rows + j));
    s1 += DotPairs(along, LoadWidened(rows + length + j));
    s2 += DotPairs(along, LoadWidened(rows + 2 * length + j));
    s3 += DotPairs(along, LoadWidened(rows + 3 * length + j));
  }
  return Sums(s0, s1, s2, s3);
}

}  // namespace matfac::kernels
