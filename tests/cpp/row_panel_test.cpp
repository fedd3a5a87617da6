#include "base/row_panel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "implicit_data.h"

namespace matfac {
namespace {

/// Of a matrix that a cache holds, and of one that it does not, whose rows are copied.
TEST(GatheredRows, AreTheRatedRowsAndThenTheLastOneAgain) {
  constexpr int kStride = 8;
  for (const Index rows : {100, 70'000}) {
    const FactorMatrix others = test::RandomMatrix(rows, kStride, 1.0, 3);
    GatheredRows gathered;
    for (const std::size_t count : {9, 1, 4, 30}) {
      std::vector<Index> rated;
      for (std::size_t j = 0; j < count; ++j) rated.push_back(static_cast<Index>((j * 7919 + 5) % rows));
      gathered.Gather(others, rated);
      std::size_t next = 0;
      gathered.ForEachPanel([&](std::size_t j, const RowPanel& panel) {
        EXPECT_EQ(j, next);
        next += kernels::kWidth;
        for (std::size_t r = 0; r < kernels::kWidth; ++r) {
          const float* expected = RowOf(others, rated[std::min(j + r, count - 1)]);
          EXPECT_TRUE(std::equal(expected, expected + kStride, panel[r])) << rows << " rows, row " << j + r;
        }
      });
      EXPECT_EQ(next, (count + 3) / 4 * 4);
    }
  }
}

}  // namespace
}  // namespace matfac
