#pragma once

#include <cstdint>
#include <vector>

#include "base/index.h"

namespace matfac {

class StoredRows;

/// A row as multiples of a scale, with as many bits as the sums allow.
struct QuantizedRow {
  std::vector<std::int16_t> values;
  float scale = 0.0F;
};

/// Rows as whole numbers of 8 bits with one scale each, in a quarter of the memory:
///   x_mf ≈ s_m q_mf
class QuantizedRows {
 public:
  /// The nearest to these, s_m = max_f |x_mf| / 127. Rows that are such multiples already (of a model that was saved
  /// quantized) are kept exactly. The rows are not needed afterwards. Needs finite numbers.
  explicit QuantizedRows(const StoredRows& rows);
  /// Takes over q, one row after the other at the beginning of `codes`, which has Room() bytes; each of the `blocks` of
  /// `width` numbers of a row is padded to StrideOf(width). Needs a scale for each row.
  QuantizedRows(std::vector<std::int8_t> codes, std::vector<float> scales, int width, int blocks);
  /// The bytes that so many rows take.
  static std::size_t Room(std::size_t rows, int width, int blocks);

  Index Rows() const { return count_; }
  int Stride() const { return stride_; }

  /// Writes weight · (s_m q_mf) of the columns `begin` … `end` − 1, multiples of 4, of one row. Needs a row within
  /// these.
  void Expand(Index row, int begin, int end, float weight, float* to) const;

  /// `row` has as many numbers as these rows.
  QuantizedRow Quantize(const float* row) const;
  /// products[i] ≈ u·v of rows first … first + count − 1, for a row that Quantize of these gave. Needs a `first` that
  /// is a multiple of 4, rows within these, and room in `products` for count rounded up to a multiple of 4.
  void Products(const QuantizedRow& along, Index first, int count, float* products) const;

 private:
  const std::int8_t* Codes(Index row) const { return &codes_[static_cast<std::size_t>(row) * length_]; }

  Index count_;
  int stride_;  // of the float rows
  int length_;  // of these
  std::vector<std::int8_t> codes_;
  std::vector<float> scales_;
};

}  // namespace matfac
