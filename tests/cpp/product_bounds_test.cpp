#include "ranking/product_bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/kernels.h"
#include "support.h"

namespace matfac {
namespace {

constexpr int kWidth = 24;

/// A row of less than 10⁻³⁰ is taken for one of that size.
double Peak(const float* row, int stride) {
  double peak = 1e-30;
  for (int f = 0; f < stride; ++f) peak = std::max(peak, std::abs(static_cast<double>(row[f])));
  return peak;
}

/// How far a bound may be above the product: 2 s t c, with a little for the rounding of L.
double Room(const float* user, const float* item, int stride) {
  const int padded = (stride + 7) / 8 * 8;
  const double largest = std::floor(std::min(4096.0, std::sqrt(double{1 << 30} / padded)));
  const double c = (largest + 12.0) * padded + 1024.0;
  return 2.01 * c * Peak(user, stride) * Peak(item, stride) / (largest * largest) + 1e-30;
}

/// Bounds of users × count items are at least the products, in float32 and in double, and not far above them.
void ExpectBounds(const std::vector<const float*>& users, const std::vector<const float*>& items, int stride) {
  const std::size_t even = (users.size() + 1) / 2 * 2;
  std::vector<float> bounds(even * kWidth, 77.0F);
  const std::vector<std::uint8_t> wanted(even, 1);
  ProductBounds products(users, stride, kWidth);
  products.Fill(items, wanted, bounds.data(), kWidth);
  for (std::size_t u = 0; u < users.size(); ++u) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      double product = 0.0;
      for (int f = 0; f < stride; ++f) product += static_cast<double>(users[u][f]) * items[i][f];
      const double bound = bounds[u * kWidth + i];
      ASSERT_GE(bound, kernels::Dot(users[u], items[i], stride) - 1e-35) << "stride " << stride;
      ASSERT_GE(bound, product - 1e-35) << "stride " << stride;
      ASSERT_LE(bound, product + Room(users[u], items[i], stride)) << "stride " << stride;
    }
  }
}

std::vector<const float*> RowsOf(const std::vector<float>& numbers, int stride, int first, int count) {
  std::vector<const float*> rows;
  for (int row = first; row < first + count; ++row) rows.push_back(&numbers[static_cast<std::size_t>(row) * stride]);
  return rows;
}

TEST(ProductBounds, AreAboveTheProductsAndCloseToThem) {
  for (const int stride : {4, 8, 12, 16, 20, 64, 76, 128, 1000, 4096}) {
    for (const float size : {1.0F, 1e-15F, 1e-20F, 1e15F}) {
      std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(40) * stride, stride);
      for (float& number : numbers) number *= size;
      for (const int users : {1, 2, 5}) {
        for (const int items : {1, 4, 7, 24}) {
          ExpectBounds(RowsOf(numbers, stride, 0, users), RowsOf(numbers, stride, 10, items), stride);
        }
      }
    }
  }
}

TEST(ProductBounds, HoldForTheLargestSums) {
  // Rows of one number, of both signs, have the largest products that their peaks allow.
  for (const int stride : {4, 64, 128, 1024, 65536}) {
    std::vector<float> numbers(static_cast<std::size_t>(4) * stride, 3.0F);
    std::fill(numbers.begin() + stride, numbers.begin() + 2 * std::ptrdiff_t{stride}, -3.0F);
    std::fill(numbers.begin() + 2 * std::ptrdiff_t{stride}, numbers.begin() + 3 * std::ptrdiff_t{stride}, 1e-3F);
    ExpectBounds(RowsOf(numbers, stride, 0, 4), RowsOf(numbers, stride, 0, 4), stride);
  }
}

TEST(ProductBounds, HoldForRowsOfZerosAndOfTheSmallestNumbers) {
  constexpr int kStride = 12;
  std::vector<float> numbers(5 * kStride, 0.0F);
  std::fill_n(numbers.begin() + kStride, kStride, std::numeric_limits<float>::denorm_min());
  std::fill_n(numbers.begin() + 2 * kStride, kStride, std::numeric_limits<float>::min());
  std::fill_n(numbers.begin() + 3 * kStride, kStride, 1e-31F);
  numbers[4 * kStride + 5] = 1e37F;
  ExpectBounds(RowsOf(numbers, kStride, 0, 4), RowsOf(numbers, kStride, 0, 4), kStride);
  // A large row beside small ones: within the scores that a model may have.
  ExpectBounds(RowsOf(numbers, kStride, 0, 5), RowsOf(numbers, kStride, 0, 4), kStride);
}

TEST(ProductBounds, LeavesOutPairsOfUsersThatAreNotWanted) {
  constexpr int kStride = 16;
  const std::vector<float> numbers = test::RandomFloats(std::size_t{20} * kStride, 1);
  ProductBounds products(RowsOf(numbers, kStride, 0, 6), kStride, kWidth);
  std::vector<float> bounds(std::size_t{6} * kWidth, 77.0F);
  products.Fill(RowsOf(numbers, kStride, 6, 4), std::vector<std::uint8_t>{0, 0, 0, 1, 1, 1}, bounds.data(), kWidth);
  EXPECT_EQ(bounds[0], 77.0F);
  EXPECT_EQ(bounds[kWidth], 77.0F);
  for (const int user : {3, 4, 5}) EXPECT_NE(bounds[static_cast<std::size_t>(user) * kWidth], 77.0F) << user;
}

}  // namespace
}  // namespace matfac
