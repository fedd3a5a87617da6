#include "ranking/product_bounds.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "base/fetch.h"
#include "base/quantized_kernels.h"

namespace matfac {
namespace {

using kernels::Float4;
using kernels::Int4;
using kernels::kWidth;
using kernels::Short8;

/// Numbers of a vector of codes.
constexpr int kCodes = 8;
/// Rows whose codes stand side by side: of the users in pairs, of the items in fours.
constexpr int kUsers = 2;
constexpr int kItems = 4;
/// L, unless products of so many numbers could reach 2³⁰.
constexpr double kLargestCode = 4096.0;
constexpr double kLargestProduct = 1 << 30;
/// A row of less is one of zeros, which the bounds allow for.
constexpr float kLeastPeak = 1e-30F;
/// A float32 of 1.5 · 2²³ more has the nearest whole number in its lowest bits.
constexpr float kWholeNumbers = 12'582'912.0F;

std::size_t Padded(std::size_t rows, int group) { return (rows + group - 1) / group * group; }

/// max_f |x_f|. Numbers that are not negative are in the order of their bits.
float PeakOf(const float* row, int stride) {
  constexpr std::int32_t kNotSign = std::numeric_limits<std::int32_t>::max();
  const auto least = std::bit_cast<std::int32_t>(kLeastPeak);
  Int4 peaks{least, least, least, least};
#pragma clang loop unroll(disable)
  for (int j = 0; j < stride; j += kWidth) {
    const Int4 size = std::bit_cast<Int4>(kernels::Load(row + j)) & Int4{kNotSign, kNotSign, kNotSign, kNotSign};
    peaks = size > peaks ? size : peaks;
  }
  return std::bit_cast<float>(std::max({peaks[0], peaks[1], peaks[2], peaks[3]}));
}

/// Writes the codes of a row that stands beside group − 1 others, and returns its scale.
[[gnu::noinline]] float Encode(const float* row, int stride, int largest, int group, std::int16_t* codes) {
  const float peak = PeakOf(row, stride);
  const Float4 inverse = kernels::Splat(static_cast<float>(largest) / peak);
  const auto shifted = [&](int j) {
    const Float4 x = j < stride ? kernels::Load(row + j) : Float4{};
    return std::bit_cast<Short8>(x * inverse + kernels::Splat(kWholeNumbers));
  };
#pragma clang loop unroll(disable)
  for (int j = 0; j < stride; j += kCodes) {
    const Short8 whole = __builtin_shufflevector(shifted(j), shifted(j + kWidth), 0, 2, 4, 6, 8, 10, 12, 14);
    std::memcpy(codes, &whole, sizeof whole);
    codes += group * kCodes;
  }
  return peak / static_cast<float>(largest);
}

/// {p·q + c} for kUsers × kItems rows side by side.
std::array<Int4, kUsers> Products(const std::int16_t* users, const std::int16_t* items, int length, Int4 c) {
  std::array<std::array<Int4, kItems>, kUsers> sums;
  for (auto& of_user : sums) of_user.fill(c);
  for (int left = length; left > 0; left -= kCodes) {
    for (int i = 0; i < kItems; ++i) {
      const Short8 item = kernels::LoadShorts(items + i * kCodes);
      for (int u = 0; u < kUsers; ++u) sums[u][i] += kernels::DotPairs(kernels::LoadShorts(users + u * kCodes), item);
    }
    users += kUsers * kCodes;
    items += kItems * kCodes;
  }
  std::array<Int4, kUsers> products;
  for (int u = 0; u < kUsers; ++u) products[u] = kernels::Sums(sums[u][0], sums[u][1], sums[u][2], sums[u][3]);
  return products;
}

}  // namespace

ProductBounds::ProductBounds(std::span<const float* const> users, int stride, int items)
    : users_(Padded(users.size(), kUsers)),
      stride_(stride),
      length_(static_cast<int>(Padded(stride, kCodes))),
      largest_(static_cast<int>(std::min(kLargestCode, std::sqrt(kLargestProduct / length_)))),
      codes_((users_ + Padded(items, kItems)) * length_),
      scales_(users_ + Padded(items, kItems)) {
  for (std::size_t u = 0; u < users.size(); ++u) {
    std::int16_t* const codes = &codes_[u / kUsers * kUsers * length_ + u % kUsers * kCodes];
    scales_[u] = Encode(users[u], stride, largest_, kUsers, codes);
  }
}

void ProductBounds::Fill(std::span<const float* const> items, std::span<const std::uint8_t> wanted, float* bounds,
                         int width) {
  const auto count = static_cast<int>(items.size());
  std::int16_t* const item_codes = &codes_[users_ * length_];
  float* const item_scales = &scales_[users_];
  for (const float* const row : items) Fetch(row, stride_);
  for (int i = 0; i < count; ++i) {
    std::int16_t* const codes = item_codes + i / kItems * kItems * length_ + i % kItems * kCodes;
    item_scales[i] = Encode(items[i], stride_, largest_, kItems, codes);
  }
  // Each of the four sums that a product consists of starts from a quarter of c.
  const int quarter = ((largest_ + 12) * length_ + 1024) / 4;
  const Int4 c{quarter, quarter, quarter, quarter};
  for (std::size_t u = 0; u < users_; u += kUsers) {
    if ((wanted[u] | wanted[u + 1]) == 0) continue;
    for (int i = 0; i < count; i += kItems) {
      const auto products = Products(&codes_[u * length_], item_codes + i * length_, length_, c);
      const Float4 scales = kernels::Load(item_scales + i);
      for (int v = 0; v < kUsers; ++v) {
        kernels::Store(bounds + (u + v) * width + i,
                       __builtin_convertvector(products[v], Float4) * (kernels::Splat(scales_[u + v]) * scales));
      }
    }
  }
}

}  // namespace matfac
