#pragma once

#include <span>
#include <vector>

namespace matfac {

/// Appends all parts, with no more room than they need.
inline void Append(const std::vector<std::span<float>>& parts, std::vector<float>& to) {
  std::size_t size = to.size();
  for (const std::span<float> part : parts) size += part.size();
  to.reserve(size);
  for (const std::span<float> part : parts) to.insert(to.end(), part.begin(), part.end());
}

}  // namespace matfac
