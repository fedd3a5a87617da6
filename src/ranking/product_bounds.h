#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace matfac {

/// Upper bounds of the products u·v of some users with tiles of items, in less than half of the time of the products
/// themselves, and so close that few items need more. Rows are whole numbers times a scale,
///   u = s (p + δ),  v = t (q + ε),  |δ_f|, |ε_f| ≤ ½ + 2⁻¹⁰,
/// and the sum p·q is exact, so that
///   u·v ≤ s t (p·q + c),  c = (L + 12) k + 1024
/// for k numbers with |p_f|, |q_f| ≤ L. What exceeds L k is for δ·ε and for the rounding of u·v, s, t and the bound in
/// float32.
class ProductBounds {
 public:
  /// Of tiles of at most so many items. Needs finite numbers.
  ProductBounds(std::span<const float* const> users, int stride, int items);

  /// bounds[u · width + i] ≥ kernels::Dot(users[u], items[i], stride) − 10⁻³⁵ for each item and each user that is
  /// wanted, which is not 0. Others may get bounds too. Needs an even number of `wanted`, and room for as many users
  /// and for a multiple of 4 items in each row of bounds.
  void Fill(std::span<const float* const> items, std::span<const std::uint8_t> wanted, float* bounds, int width);

 private:
  std::size_t users_;  // with those that the last group lacks
  int stride_;
  int length_;                       // of a row of codes
  int largest_;                      // L
  std::vector<std::int16_t> codes_;  // of the users and of the items of a tile
  std::vector<float> scales_;
};

}  // namespace matfac
