#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace matfac::fuzz {

/// Reads values off the bytes that the fuzzer makes; zeros when they are used up.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

  bool Empty() const { return left_.empty(); }

  std::uint8_t Byte() {
    if (left_.empty()) return 0;
    const std::uint8_t byte = left_.front();
    left_ = left_.subspan(1);
    return byte;
  }

  bool Flag() { return Byte() % 2 == 1; }

  /// From least to most, which are within 256 of each other.
  int Whole(int least, int most) { return least + Byte() % (most - least + 1); }

  std::uint64_t Bits(int bytes) {
    std::uint64_t bits = 0;
    for (int i = 0; i < bytes; ++i) bits = bits << 8 | Byte();
    return bits;
  }

  /// Often an end of the number line, often an ordinary number, else any bits.
  float Float() {
    constexpr std::array<float, 14> kEnds = {0.0F,
                                             -0.0F,
                                             1.0F,
                                             -1.0F,
                                             1e20F,
                                             -1e20F,
                                             1e-25F,
                                             3e38F,
                                             std::numeric_limits<float>::denorm_min(),
                                             std::numeric_limits<float>::min(),
                                             std::numeric_limits<float>::max(),
                                             std::numeric_limits<float>::lowest(),
                                             std::numeric_limits<float>::infinity(),
                                             std::numeric_limits<float>::quiet_NaN()};
    const std::uint8_t kind = Byte();
    if (kind < kEnds.size()) return kEnds[kind];
    if (kind < 224) return static_cast<float>(static_cast<std::int8_t>(Byte())) / 16.0F;
    return std::bit_cast<float>(static_cast<std::uint32_t>(Bits(4)));
  }

  double Double() { return Byte() < 192 ? static_cast<double>(Float()) : std::bit_cast<double>(Bits(8)); }

 private:
  std::span<const std::uint8_t> left_;
};

}  // namespace matfac::fuzz
