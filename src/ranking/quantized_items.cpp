#include "ranking/quantized_items.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/quantized_kernels.h"

namespace matfac {
namespace {

constexpr int kLargest = 127;

/// Writes row / scale, rounded, and returns the scale; zeros have scale 0.
template <typename Whole>
float QuantizeRow(const float* row, int stride, int largest, Whole* to) {
  float peak = 0.0F;
  for (int f = 0; f < stride; ++f) peak = std::max(peak, std::abs(row[f]));
  const float scale = peak / static_cast<float>(largest);
  // For a peak near the smallest float32 the scale may be zero.
  if (!(scale > 0.0F) || !std::isfinite(scale)) return 0.0F;
  // A subnormal scale may be rounded down by as much as a third.
  const long most = largest;
  for (int f = 0; f < stride; ++f) to[f] = static_cast<Whole>(std::clamp(std::lrint(row[f] / scale), -most, most));
  return scale;
}

}  // namespace

QuantizedItems::QuantizedItems(const FactorMatrix& items)
    : stride_(static_cast<int>(items.cols())), length_((stride_ + 7) / 8 * 8) {
  // Products reads four rows at a time.
  const Index padded = (static_cast<Index>(items.rows()) + 3) / 4 * 4;
  rows_.resize(static_cast<std::size_t>(padded) * length_);
  scales_.resize(padded);
  for (Index item = 0; item < items.rows(); ++item) {
    scales_[item] =
        QuantizeRow(RowOf(items, item), stride_, kLargest, &rows_[static_cast<std::size_t>(item) * length_]);
  }
}

QuantizedRow QuantizedItems::Quantize(const float* row) const {
  const int room = std::numeric_limits<std::int32_t>::max() / kLargest / length_;
  QuantizedRow quantized{.values = std::vector<std::int16_t>(length_)};
  quantized.scale =
      QuantizeRow(row, stride_, std::min<int>(room, std::numeric_limits<std::int16_t>::max()), quantized.values.data());
  return quantized;
}

void QuantizedItems::Products(const QuantizedRow& user, Index first, int count, float* products) const {
  const kernels::Float4 scale = kernels::Splat(user.scale);
  for (int i = 0; i < count; i += 4) {
    const Index item = first + i;
    const kernels::Int4 sums =
        kernels::DotFourRows(user.values.data(), &rows_[static_cast<std::size_t>(item) * length_], length_);
    kernels::Store(products + i,
                   __builtin_convertvector(sums, kernels::Float4) * (scale * kernels::Load(&scales_[item])));
  }
}

}  // namespace matfac
