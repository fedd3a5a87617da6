#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>
#include <vector>

namespace matfac {
namespace {

/// Σ (observed − expected)² / expected
double ChiSquare(const std::vector<int>& observed, double expected) {
  double sum = 0.0;
  for (const int count : observed) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// The numbers that a second implementation of SplitMix64 and xoshiro256++ (in Python) gives.
TEST(Random, FirstNumbersOfASeedAreFixed) {
  using Numbers = std::array<std::uint64_t, 4>;
  const auto first = [](Random random) {
    Numbers numbers{};
    for (auto& number : numbers) number = random.Next();
    return numbers;
  };
  EXPECT_EQ(first(Random(1)),
            (Numbers{0x704560ced7cc0501, 0x4eef90036c89c53a, 0xdce05af2ba1364d7, 0xe019c82160dbbf4c}));
  EXPECT_EQ(first(Random(1, 1)),
            (Numbers{0x8d6176e2f1f41696, 0x4488d4fc02c8f1e9, 0x0f2c0ec18a408301, 0x4e7048398adb36f3}));
  EXPECT_EQ(first(Random((std::uint64_t{1} << 63) + 12'345, 7)),
            (Numbers{0x388a5a372ca9ee6f, 0x43257c5b21c2f967, 0xc82c6f751b807da3, 0x2ab9c71282bc43ad}));
}

TEST(Random, SeedsAndStreamsDiffer) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (std::uint64_t stream = 0; stream < 10; ++stream) firsts.insert(Random(seed, stream).Next());
  }
  EXPECT_EQ(firsts.size(), 1000U);
}

TEST(Random, UniformIsInTheOpenIntervalWithItsMoments) {
  Random random(2);
  constexpr int kCount = 1'000'000;
  double sum = 0.0;
  double squares = 0.0;
  std::vector<int> bins(100);
  for (int i = 0; i < kCount; ++i) {
    const double x = random.Uniform();
    ASSERT_GT(x, 0.0);
    ASSERT_LT(x, 1.0);
    sum += x;
    squares += x * x;
    ++bins[static_cast<std::size_t>(100.0 * x)];
  }
  // Five standard errors: √(1/12/n) of the mean, √(4/45/n) of the mean square.
  EXPECT_NEAR(sum / kCount, 1.0 / 2.0, 5 * std::sqrt(1.0 / 12.0 / kCount));
  EXPECT_NEAR(squares / kCount, 1.0 / 3.0, 5 * std::sqrt(4.0 / 45.0 / kCount));
  EXPECT_LT(ChiSquare(bins, kCount / 100.0), 160.0);  // 99 degrees of freedom: p = 1e-4
}

TEST(Random, BelowIsUniform) {
  Random random(3);
  constexpr int kCount = 100'000;
  std::vector<int> counts(10);
  for (int i = 0; i < kCount; ++i) ++counts.at(random.Below(10));
  EXPECT_LT(ChiSquare(counts, kCount / 10.0), 33.7);  // 9 degrees of freedom: p = 1e-4
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.Below(1), 0U);
}

// With 3·2³⁰ of 2³² values, multiplying or dividing without rejection gives every third number twice the others'
// chance.
TEST(Random, BelowIsUnbiasedForALargeBound) {
  Random random(4);
  constexpr std::uint32_t kBound = 3U << 30;
  constexpr int kCount = 30'000;
  std::vector<int> remainders(3);
  std::vector<int> thirds(3);
  for (int i = 0; i < kCount; ++i) {
    const std::uint32_t x = random.Below(kBound);
    ASSERT_LT(x, kBound);
    ++remainders[x % 3];
    ++thirds[x >> 30];
  }
  EXPECT_LT(ChiSquare(remainders, kCount / 3.0), 18.4);  // 2 degrees of freedom: p = 1e-4
  EXPECT_LT(ChiSquare(thirds, kCount / 3.0), 18.4);
}

// Python's statistics.NormalDist().inv_cdf.
TEST(Random, NormalQuantileHasTheKnownValues) {
  constexpr std::array<std::pair<double, double>, 16> kKnown = {{{1e-300, -37.0470962993612},
                                                                 {1e-100, -21.27345356096532},
                                                                 {1e-20, -9.262340089798405},
                                                                 {1e-10, -6.361340902404056},
                                                                 {1e-05, -4.2648907939228256},
                                                                 {0.001, -3.090232306167813},
                                                                 {0.0749, -1.4402382675279632},
                                                                 {0.0751, -1.4388253927525398},
                                                                 {0.1, -1.2815515655446008},
                                                                 {0.25, -0.6744897501960817},
                                                                 {0.4, -0.2533471031357998},
                                                                 {0.5, 0.0},
                                                                 {0.6, 0.2533471031357998},
                                                                 {0.9, 1.2815515655446008},
                                                                 {0.975, 1.9599639845400536},
                                                                 {0.99999, 4.26489079392384}}};
  for (const auto& [p, quantile] : kKnown) {
    EXPECT_NEAR(NormalQuantile(p), quantile, 1e-12 * std::max(1.0, std::abs(quantile))) << p;
  }
}

TEST(Random, NormalQuantileInvertsTheDistributionFunction) {
  double worst = 0.0;
  for (int i = 0; i <= 14'000; ++i) {  // from e⁻⁷⁰⁰ to almost 1
    const double p = std::exp(-0.05 * i) * 0.999;
    const double phi = 0.5 * std::erfc(-NormalQuantile(p) / std::numbers::sqrt2);
    // Near x the relative error of Φ is about |x|² times that of x.
    worst = std::max(worst, std::abs(phi / p - 1.0) / (1.0 - 2.0 * std::log(p)));
  }
  EXPECT_LT(worst, 1e-15);
}

TEST(Random, NormalHasTheMomentsOfTheStandardNormal) {
  Random random(5);
  constexpr int kCount = 500'000;
  std::array<double, 5> moments{};
  int within_one = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.Normal();
    for (std::size_t k = 1; k < moments.size(); ++k) moments[k] += std::pow(x, static_cast<int>(k)) / kCount;
    within_one += std::abs(x) < 1.0 ? 1 : 0;
  }
  // Five standard errors: the variance of x^k is E x^2k − (E x^k)²: 1, 2, 15, 96.
  EXPECT_NEAR(moments[1], 0.0, 5 * std::sqrt(1.0 / kCount));
  EXPECT_NEAR(moments[2], 1.0, 5 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(moments[3], 0.0, 5 * std::sqrt(15.0 / kCount));
  EXPECT_NEAR(moments[4], 3.0, 5 * std::sqrt(96.0 / kCount));
  EXPECT_NEAR(static_cast<double>(within_one) / kCount, std::erf(1.0 / std::numbers::sqrt2), 0.004);
}

TEST(Random, ShuffleIsAPermutation) {
  Random random(6);
  std::vector<int> values(1000);
  std::iota(values.begin(), values.end(), 0);
  const std::vector<int> before = values;
  random.Shuffle(std::span(values));
  EXPECT_NE(values, before);
  std::ranges::sort(values);
  EXPECT_EQ(values, before);
  std::vector<int> none;
  random.Shuffle(std::span(none));
  EXPECT_TRUE(none.empty());
}

TEST(Random, ShuffleBringsEachValueToEachPlaceEquallyOften) {
  Random random(7);
  constexpr int kSize = 8;
  constexpr int kRounds = 40'000;
  std::vector<int> counts(static_cast<std::size_t>(kSize) * kSize);
  for (int round = 0; round < kRounds; ++round) {
    std::array<int, kSize> values{};
    std::iota(values.begin(), values.end(), 0);
    random.Shuffle(std::span<int>(values));
    for (int place = 0; place < kSize; ++place) ++counts[place * kSize + values[place]];
  }
  EXPECT_LT(ChiSquare(counts, static_cast<double>(kRounds) / kSize), 95.0);  // 49 degrees of freedom: p = 1e-4
}

// Values of MurmurHash3's fmix32 from a second implementation (in Python).
TEST(Random, Hash32IsTheMurmurFinalizer) {
  EXPECT_EQ(Hash32(0), 0U);
  EXPECT_EQ(Hash32(1), 0x514e28b7U);
  EXPECT_EQ(Hash32(2), 0x30f4c306U);
  EXPECT_EQ(Hash32(0xdeadbeefU), 0x0de5c6a9U);
  EXPECT_EQ(Hash32(0xffffffffU), 0x81f16f39U);
}

}  // namespace
}  // namespace matfac
