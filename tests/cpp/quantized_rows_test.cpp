#include "base/quantized_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

FactorMatrix Random(Index rows, int stride, unsigned seed) {
  return Eigen::Map<const FactorMatrix>(test::RandomFloats(static_cast<std::size_t>(rows) * stride, seed).data(), rows,
                                        stride);
}

TEST(QuantizedRows, ProductsAreNearThoseOfTheFactors) {
  for (const int stride : {4, 8, 12, 20, 64, 132}) {
    for (const Index rows : {1, 3, 16, 37}) {
      const FactorMatrix items = Random(rows, stride, stride);
      const FactorMatrix user = Random(1, stride, 77);
      const QuantizedRows quantized(items);
      const QuantizedRow row = quantized.Quantize(user.data());
      std::vector<float> products(rows + 3);
      quantized.Products(row, 0, rows, products.data());
      for (Index item = 0; item < rows; ++item) {
        double exact = 0.0;
        double bound = 0.0;
        for (int f = 0; f < stride; ++f) {
          exact += static_cast<double>(user(0, f)) * items(item, f);
          // Half a step of the item's scale, and a little for the user's, whose steps are finer.
          bound += 0.5 / 127.0 * items.row(item).cwiseAbs().maxCoeff() * std::abs(user(0, f));
        }
        EXPECT_NEAR(products[item], exact, 1.05 * bound + 1e-4);
      }
    }
  }
}

TEST(QuantizedRows, WholeMultiplesOfAScaleAreKept) {
  FactorMatrix items(3, 8);
  items.row(0) << 127, -127, 3, 0, 1, -64, 90, 2;
  items.row(1) << 0, 0, 0, 0, 0, 0, 0, 0;
  items.row(2) << 1, 2, 3, 4, 5, 6, 7, 127;
  items.row(2) *= 0.0173F;
  const QuantizedRows quantized(items);
  for (int f = 0; f < 8; ++f) {
    FactorMatrix unit = FactorMatrix::Zero(1, 8);
    unit(0, f) = 1.0F;
    std::vector<float> products(4);
    quantized.Products(quantized.Quantize(unit.data()), 0, 3, products.data());
    for (Index item = 0; item < 3; ++item) EXPECT_NEAR(products[item], items(item, f), 1e-6F * 127.0F);
  }
}

TEST(QuantizedRows, SumsOfTheLargestNumbersDoNotOverflow) {
  constexpr int kStride = 4096;
  const FactorMatrix items = FactorMatrix::Constant(1, kStride, -2.0F);
  const FactorMatrix user = FactorMatrix::Constant(1, kStride, 3.0F);
  const QuantizedRows quantized(items);
  std::vector<float> products(4);
  quantized.Products(quantized.Quantize(user.data()), 0, 1, products.data());
  EXPECT_NEAR(products[0], -6.0 * kStride, 1e-3 * kStride);
}

TEST(QuantizedRows, RowsBeginWhereTheyAreAskedFor) {
  const FactorMatrix items = Random(50, 16, 3);
  const FactorMatrix user = Random(1, 16, 4);
  const QuantizedRows quantized(items);
  const QuantizedRow row = quantized.Quantize(user.data());
  std::vector<float> all(52);
  quantized.Products(row, 0, 50, all.data());
  std::vector<float> some(20);
  quantized.Products(row, 16, 18, some.data());
  EXPECT_TRUE(std::equal(some.begin(), some.begin() + 18, all.begin() + 16));
}

}  // namespace
}  // namespace matfac
