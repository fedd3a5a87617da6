#include "ranking/score_tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/kernels.h"
#include "support.h"

namespace matfac {
namespace {

TEST(ScoreTile, IsTheDotOfEveryPairToTheBit) {
  constexpr int kWidth = 24;
  for (const int stride : {4, 8, 12, 16, 20, 32, 64, 76, 128}) {
    const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(30) * stride, stride);
    const float* items = numbers.data();
    for (const int users : {1, 2, 3, 6}) {
      for (const int count : {1, 3, 4, 7, 24}) {
        std::vector<const float*> rows;
        for (int u = 0; u < users; ++u) rows.push_back(items + (29 - u) * stride);
        std::vector<float> scores(static_cast<std::size_t>(users) * kWidth, 77.0F);
        ScoreTile(rows, items, count, stride, scores.data(), kWidth);
        for (int u = 0; u < users; ++u) {
          for (int i = 0; i < kWidth; ++i) {
            const float expected = i < count ? kernels::Dot(rows[u], items + i * stride, stride) : 77.0F;
            ASSERT_EQ(scores[u * kWidth + i], expected) << "stride " << stride << ", user " << u << ", item " << i;
          }
        }
      }
    }
  }
}

/// Whole numbers, so that many scores equal a bar.
std::vector<float> WholeNumbers(std::size_t count, unsigned seed) {
  std::vector<float> numbers = test::RandomFloats(count, seed);
  for (float& number : numbers) number = static_cast<float>(static_cast<int>(20.0F * number));
  return numbers;
}

TEST(CountAbove, IsThePlainCount) {
  std::vector<float> scores = WholeNumbers(48, 3);
  scores[5] = scores[40] = -std::numeric_limits<float>::infinity();
  for (const std::size_t count : {0, 1, 2, 15, 63, 64, 65, 100, 257}) {
    std::vector<float> bars = WholeNumbers(count, 4);
    std::ranges::sort(bars);
    std::int64_t expected = 0;
    for (const float score : scores) {
      for (const float bar : bars) expected += score > bar ? 2 : score == bar ? 1 : 0;
    }
    EXPECT_EQ(CountAbove(scores.data(), 48, bars), expected) << count << " bars";
  }
}

TEST(AnyAbove, LooksAtEveryScore) {
  for (int place = 0; place < 16; ++place) {
    std::vector<float> scores(16, 1.0F);
    EXPECT_FALSE(AnyAbove(scores.data(), 1.0F));
    scores[place] = 1.5F;
    EXPECT_TRUE(AnyAbove(scores.data(), 1.0F)) << place;
    EXPECT_FALSE(AnyAbove(scores.data(), 1.5F)) << place;
  }
}

}  // namespace
}  // namespace matfac
