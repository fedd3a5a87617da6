#pragma once

#include <cstdint>
#include <vector>

#include "base/factors.h"

namespace matfac {

/// A user's row as multiples of a scale, with as many bits as the sums allow.
struct QuantizedRow {
  std::vector<std::int16_t> values;
  float scale = 0.0F;
};

/// Item factors as whole numbers from −127 to 127 with one scale per row, which take a quarter of the memory traffic.
///   v_mf ≈ s_m q_mf,  s_m = max_f |v_mf| / 127
/// Factors that are such multiples already (of a model that was saved quantized) are kept exactly.
class QuantizedItems {
 public:
  /// Takes rows × (columns rounded up to a multiple of 8) bytes; the factors are not needed afterwards. Needs finite
  /// numbers.
  explicit QuantizedItems(const FactorMatrix& items);

  /// `row` has as many numbers as the items have columns.
  QuantizedRow Quantize(const float* row) const;
  /// products[i] ≈ u·v of items first … first + count − 1, for a row that Quantize of these items gave. Needs a `first`
  /// that is a multiple of 4, items within the matrix, and room in `products` for count rounded up to a multiple of 4.
  void Products(const QuantizedRow& user, Index first, int count, float* products) const;

 private:
  int stride_;  // of the float rows
  int length_;  // of these
  std::vector<std::int8_t> rows_;
  std::vector<float> scales_;
};

}  // namespace matfac
