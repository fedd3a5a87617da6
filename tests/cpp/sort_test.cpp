#include "base/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace matfac {
namespace {

template <typename T>
void ExpectSorted(int count, int different) {
  Random random(7, count);
  std::vector<T> values;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<T>(static_cast<int>(random.Below(different)) - 20));
  std::vector<T> expected = values;
  std::ranges::sort(expected);
  Sort(values);
  EXPECT_EQ(values, expected) << count << " values of " << different;
}

TEST(Sort, GivesTheOrderOfTheStandardLibrary) {
  for (const int count : {0, 1, 2, 3, 10, 100, 1000}) {
    for (const int different : {1, 3, 1000}) {
      ExpectSorted<Index>(count, different);
      ExpectSorted<float>(count, different);
    }
  }
}

}  // namespace
}  // namespace matfac
