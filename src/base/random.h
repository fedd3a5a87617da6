#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace matfac {

/// xoshiro256++ (Blackman and Vigna 2019), seeded by SplitMix64. The streams of one seed are independent;
/// random_streams.h numbers them. The standard library's distributions differ between vendors; these give the same
/// numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint64_t Next();
  /// Uniform on the open interval (0, 1), with 52 random bits.
  double Uniform();
  /// Uniform on 0 … bound − 1; bound > 0 (Lemire 2019, unbiased).
  std::uint32_t Below(std::uint32_t bound);
  /// Standard normal, by inversion: one uniform per number.
  double Normal();
  /// Gamma with this shape ≥ 1 and scale 1 (Marsaglia and Tsang 2000).
  double Gamma(double shape);

  /// Fisher and Yates.
  template <typename T>
  void Shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i)
      std::swap(values[i - 1], values[Below(static_cast<std::uint32_t>(i))]);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

/// The murmur3 finalizer: a bijection of 32 bits, each of which changes about half of those of the result.
constexpr std::uint32_t Hash32(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bU;
  x ^= x >> 13;
  x *= 0xc2b2ae35U;
  x ^= x >> 16;
  return x;
}

/// Φ⁻¹(p), the standard normal quantile, 0 < p < 1; relative error about 1e-16 (Wichura 1988, AS 241, PPND16).
double NormalQuantile(double p);

}  // namespace matfac
