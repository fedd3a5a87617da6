#include "shared/model_parts.h"

#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace matfac {

Model EmptyModel(const ModelOptions& options, const ModelNumbers& numbers) {
  if (!std::isfinite(numbers.mean)) throw std::invalid_argument("mean must be a finite number");
  if (!(numbers.scale > 0.0) || !std::isfinite(numbers.scale)) {
    throw std::invalid_argument("scale must be a finite number above 0; it is " + NumberText(numbers.scale));
  }
  if (!(numbers.minimum <= numbers.maximum)) throw std::invalid_argument("minimum must be at most maximum");
  Model model;
  model.options = options;
  model.mean = numbers.mean;
  model.scale = numbers.scale;
  model.minimum = static_cast<float>(numbers.minimum);
  model.maximum = static_cast<float>(numbers.maximum);
  return model;
}

std::vector<std::span<const Index>> RowsOf(std::span<const Index> items, std::span<const Index> offsets,
                                           std::size_t users) {
  if (offsets.empty()) return std::vector<std::span<const Index>>(users, items);
  if (offsets.size() != users + 1) throw std::invalid_argument("offsets and users do not fit");
  std::vector<std::span<const Index>> rows;
  for (std::size_t u = 0; u < users; ++u) {
    if (offsets[u] < 0 || offsets[u] > offsets[u + 1] || static_cast<std::size_t>(offsets[u + 1]) > items.size()) {
      throw std::invalid_argument("offsets are not in order");
    }
    rows.push_back(items.subspan(offsets[u], offsets[u + 1] - offsets[u]));
  }
  return rows;
}

}  // namespace matfac
