#include "base/quantized_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/factors.h"
#include "base/quantized_kernels.h"
#include "base/stored_rows.h"

namespace matfac {
namespace {

constexpr int kLargest = 127;
/// Of the codes that come from elsewhere.
constexpr int kLargestSize = 128;
/// Products reads four rows at a time, and eight numbers of each.
constexpr std::size_t kRowGroup = 4;
constexpr int kNumberGroup = 8;

int LengthOf(int stride) { return (stride + kNumberGroup - 1) / kNumberGroup * kNumberGroup; }
std::size_t Padded(std::size_t rows) { return (rows + kRowGroup - 1) / kRowGroup * kRowGroup; }

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

QuantizedRows::QuantizedRows(const StoredRows& rows)
    : count_(rows.Count()),
      stride_(rows.Stride()),
      length_(LengthOf(stride_)),
      codes_(Padded(count_) * length_),
      scales_(Padded(count_)) {
  std::vector<float> room;
  for (Index row = 0; row < count_; ++row) {
    scales_[row] =
        QuantizeRow(rows.Row(row, room), stride_, kLargest, &codes_[static_cast<std::size_t>(row) * length_]);
  }
}

QuantizedRows::QuantizedRows(std::vector<std::int8_t> codes, std::vector<float> scales, int width, int blocks)
    : count_(static_cast<Index>(scales.size())),
      stride_(blocks * StrideOf(width)),
      length_(LengthOf(stride_)),
      codes_(std::move(codes)),
      scales_(std::move(scales)) {
  scales_.resize(Padded(scales_.size()));
  // From the last one on, so that none is overwritten before it has moved.
  std::int8_t* end = codes_.data() + static_cast<std::size_t>(count_) * length_;
  const std::int8_t* from = codes_.data() + static_cast<std::size_t>(count_) * width * blocks;
  for (Index row = count_; row > 0; --row) {
    std::int8_t* block_end = end - (length_ - stride_);
    std::fill(block_end, end, std::int8_t{0});
    for (int block = blocks; block > 0; --block) {
      std::int8_t* const block_begin = block_end - StrideOf(width);
      from -= width;
      std::copy_backward(from, from + width, block_begin + width);
      std::fill(block_begin + width, block_end, std::int8_t{0});
      block_end = block_begin;
    }
    end -= length_;
  }
}

std::size_t QuantizedRows::Room(std::size_t rows, int width, int blocks) {
  return Padded(rows) * LengthOf(blocks * StrideOf(width));
}

void QuantizedRows::Expand(Index row, int begin, int end, float weight, float* to) const {
  const kernels::Float4 scale = kernels::Splat(scales_[row]);
  const kernels::Float4 times = kernels::Splat(weight);
  const std::int8_t* const codes = Codes(row);
  for (int j = begin; j < end; j += kernels::kWidth) {
    kernels::Store(to + (j - begin), times * (kernels::LoadConverted(codes + j) * scale));
  }
}

QuantizedRow QuantizedRows::Quantize(const float* row) const {
  const int room = std::numeric_limits<std::int32_t>::max() / kLargestSize / length_;
  QuantizedRow quantized{.values = std::vector<std::int16_t>(length_)};
  quantized.scale =
      QuantizeRow(row, stride_, std::min<int>(room, std::numeric_limits<std::int16_t>::max()), quantized.values.data());
  return quantized;
}

void QuantizedRows::Products(const QuantizedRow& along, Index first, int count, float* products) const {
  const kernels::Float4 scale = kernels::Splat(along.scale);
  for (int i = 0; i < count; i += 4) {
    const Index row = first + i;
    const kernels::Int4 sums = kernels::DotFourRows(along.values.data(), Codes(row), length_);
    kernels::Store(products + i,
                   __builtin_convertvector(sums, kernels::Float4) * (scale * kernels::Load(&scales_[row])));
  }
}

}  // namespace matfac
