#include "base/portable_math.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace matfac {
namespace {

// ln 2 in two parts, the first with trailing zeros, so that a small integer times it is exact (Cody and Waite).
// NOLINTNEXTLINE(modernize-use-std-numbers): deliberately short of ln 2.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr std::uint64_t kMantissaMask = (std::uint64_t{1} << 52) - 1;
constexpr int kExponentBias = 1023;

double PowerOfTwo(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + kExponentBias) << 52);
}

/// A NaN becomes the least exponent: what is multiplied by it is NaN too.
int ExponentOf(double k) { return static_cast<int>(k > -kExponentBias ? k : -kExponentBias); }

}  // namespace

double Log(double x) {
  int exponent = 0;
  if (x < 2.2250738585072014e-308) {  // subnormal
    x *= PowerOfTwo(54);
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - kExponentBias;
  auto m = std::bit_cast<double>((bits & kMantissaMask) | (std::uint64_t{kExponentBias} << 52));
  if (m > std::numbers::sqrt2) {
    m *= 0.5;
    ++exponent;
  }
  // ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1)/(m + 1), |s| ≤ 0.172.
  const double s = (m - 1.0) / (m + 1.0);
  const double square = s * s;
  double series = 0.0;
  for (int n = 21; n >= 3; n -= 2) series = square * (1.0 / n + series);
  return exponent * kLn2High + (2.0 * s + (2.0 * s * series + exponent * kLn2Low));
}

void LogSum::Add(double x) {
  product_ *= x;
  if (product_ > 1e-200 && product_ < 1e200) return;
  sum_ += Log(product_);
  product_ = 1.0;
}

double LogSum::Result() const { return sum_ + Log(product_); }

double Exp(double x) {
  x = std::clamp(x, -700.0, 700.0);
  const double k = std::floor(x / std::numbers::ln2 + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| ≤ ln 2 / 2
  double series = 1.0;
  for (int n = 14; n >= 1; --n) series = 1.0 + r / n * series;
  return series * PowerOfTwo(ExponentOf(k));
}

double ExpForFloat(double x) {
  x = std::clamp(x, -700.0, 700.0);
  const double k = std::floor(x * std::numbers::log2e + 0.5);
  const double r = x - k * std::numbers::ln2;  // |r| ≤ ln 2 / 2, where the rest of the series is below 6e-9
  const double r2 = r * r;
  const double low = (1.0 + r) + r2 * (1.0 / 2 + r * (1.0 / 6));
  const double high = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
  return (low + r2 * r2 * high) * PowerOfTwo(ExponentOf(k));
}

}  // namespace matfac
