#include "base/stored_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "base/kernels.h"
#include "support.h"

namespace matfac {
namespace {

struct Coded {
  std::vector<std::int8_t> packed;
  std::vector<float> scales;
  QuantizedMatrix matrix;
  /// scale · code, padded, by the plain formula.
  FactorMatrix floats;
};

/// Rows of `blocks` blocks of `width` codes, which repeat from −128 to 127.
Coded Example(Index rows, int width, int blocks) {
  const int stride = StrideOf(width);
  Coded coded{.scales = test::RandomFloats(rows, width), .floats = FactorMatrix::Zero(rows, blocks * stride)};
  for (float& scale : coded.scales) scale = std::abs(scale);
  int code = -128;
  for (Index row = 0; row < rows; ++row) {
    for (int block = 0; block < blocks; ++block) {
      for (int f = 0; f < width; ++f) {
        coded.packed.push_back(static_cast<std::int8_t>(code));
        coded.floats(row, block * stride + f) = static_cast<float>(code) * coded.scales[row];
        code = code == 127 ? -128 : code + 1;
      }
    }
  }
  std::vector<std::int8_t> codes(QuantizedRows::Room(rows, width, blocks));
  std::ranges::copy(coded.packed, codes.begin());
  coded.matrix = QuantizedMatrix(std::make_shared<const QuantizedRows>(codes, coded.scales, width, blocks));
  return coded;
}

class StoredRowsOf : public testing::TestWithParam<std::array<int, 3>> {};

TEST_P(StoredRowsOf, AreTheSameInBothForms) {
  const auto [rows, width, blocks] = GetParam();
  const Coded coded = Example(rows, width, blocks);
  const FactorMatrix none(0, coded.floats.cols());
  const StoredRows of_floats(coded.floats);
  const StoredRows of_codes(none, coded.matrix);
  ASSERT_EQ(of_codes.Count(), rows);
  ASSERT_EQ(of_codes.Stride(), of_floats.Stride());
  EXPECT_EQ(of_codes.All(), coded.floats);
  const std::vector<Index> listed = {rows - 1, 0, rows / 2, 0};
  EXPECT_EQ(of_codes.Gathered(listed), of_floats.Gathered(listed));
  const std::vector<float> x = test::RandomFloats(of_codes.Stride(), 3);
  std::vector<float> room;
  for (Index row = 0; row < rows; ++row) {
    EXPECT_EQ(of_codes.Copy(row), of_floats.Copy(row));
    EXPECT_EQ(of_codes.Dot(x.data(), row), kernels::Dot(x.data(), RowOf(coded.floats, row), of_codes.Stride()));
    for (int block = 0; block < blocks; ++block) {
      const int stride = StrideOf(width);
      const StoredRows part = of_codes.Columns(block * stride, stride);
      EXPECT_EQ(part.Copy(row), of_floats.Columns(block * stride, stride).Copy(row));
    }
  }
  const Index first = rows / 3;
  const float* const tile = of_codes.Rows(first, rows - first, room);
  EXPECT_TRUE(std::equal(tile, tile + (rows - first) * of_codes.Stride(), RowOf(coded.floats, first)));
}

INSTANTIATE_TEST_SUITE_P(Shapes, StoredRowsOf,
                         testing::Values(std::array{1, 4, 1}, std::array{3, 5, 1}, std::array{37, 8, 1},
                                         std::array{4, 64, 1}, std::array{10, 1, 3}, std::array{9, 7, 5}));

TEST(QuantizedMatrix, TwoPartsStandSideBySide) {
  const Coded left = Example(6, 5, 1);
  const Coded right = Example(6, 12, 1);
  const QuantizedMatrix joined(left.matrix, right.matrix, 0.3F);
  EXPECT_EQ(joined.Whole(), nullptr);
  const FactorMatrix none(0, left.floats.cols() + right.floats.cols());
  const StoredRows rows(none, joined);
  const FactorMatrix all = rows.All();
  EXPECT_EQ(all.leftCols(left.floats.cols()), left.floats);
  EXPECT_EQ(all.rightCols(right.floats.cols()), 0.3F * right.floats);
  const StoredRows middle = rows.Columns(4, 12);
  EXPECT_EQ(middle.All(), all.middleCols(4, 12));
}

}  // namespace
}  // namespace matfac
