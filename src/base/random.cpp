#include "base/random.h"

#include <bit>
#include <cmath>

#include "base/portable_math.h"

namespace matfac {
namespace {

std::uint64_t SplitMix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// Numerator and denominator of AS 241's rational approximations, highest power first.
using Coefficients = std::array<double, 8>;

double Rational(double r, const Coefficients& numerator, const Coefficients& denominator) {
  double above = 0.0;
  double below = 0.0;
  for (std::size_t i = 0; i < numerator.size(); ++i) {
    above = above * r + numerator[i];
    below = below * r + denominator[i];
  }
  return above / below;
}

constexpr Coefficients kCentreAbove = {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
                                       4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
                                       1.3314166789178437745e2, 3.3871328727963666080e0};
constexpr Coefficients kCentreBelow = {
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
constexpr Coefficients kMiddleAbove = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                                       1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                                       4.63033784615654529590e0,  1.42343711074968357734e0};
constexpr Coefficients kMiddleBelow = {
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
    6.89767334985100004550e-1, 1.67638483018380384940e0,  2.05319162663775882187e0,  1.0};
constexpr Coefficients kTailAbove = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                                     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                                     5.46378491116411436990e0,  6.65790464350110377720e0};
constexpr Coefficients kTailBelow = {
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
    1.48753612908506148525e-2,  1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t mixed = seed;
  std::uint64_t start = SplitMix64(mixed) ^ stream;
  for (auto& word : state_) word = SplitMix64(start);
}

std::uint64_t Random::Next() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::Uniform() { return (static_cast<double>(Next() >> 12) + 0.5) * 0x1p-52; }

std::uint32_t Random::Below(std::uint32_t bound) {
  std::uint64_t product = (Next() >> 32) * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t threshold = -bound % bound;
    while (static_cast<std::uint32_t>(product) < threshold) product = (Next() >> 32) * bound;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double Random::Normal() { return NormalQuantile(Uniform()); }

double Random::Gamma(double shape) {
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double normal = Normal();
    const double root = 1.0 + c * normal;
    if (root <= 0.0) continue;
    const double cube = root * root * root;
    if (Log(Uniform()) < 0.5 * normal * normal + d * (1.0 - cube + Log(cube))) return d * cube;
  }
}

double NormalQuantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) return q * Rational(0.180625 - q * q, kCentreAbove, kCentreBelow);
  const double r = std::sqrt(-Log(q < 0 ? p : 1.0 - p));
  const double tail =
      r <= 5.0 ? Rational(r - 1.6, kMiddleAbove, kMiddleBelow) : Rational(r - 5.0, kTailAbove, kTailBelow);
  return q < 0 ? -tail : tail;
}

}  // namespace matfac
