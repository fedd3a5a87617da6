#include "model/row_priors.h"

#include <algorithm>
#include <cmath>

#include "base/portable_math.h"

namespace matfac {

std::vector<float> RowPriors::MeansOf(std::size_t count, std::span<const float> preference) const {
  const std::size_t columns = weights.size() / precisions.size();
  const auto logarithm = static_cast<float>(Log(1.0 + static_cast<double>(std::max<std::size_t>(count, 1))));
  std::vector<float> means(precisions.size());
  for (std::size_t d = 0; d < means.size(); ++d) {
    const std::span<const float> line = weights.subspan(d * columns, columns);
    means[d] = line.front() + line.back() * logarithm;
    for (std::size_t i = 0; i < preference.size(); ++i) means[d] += line[i + 1] * preference[i];
  }
  return means;
}

std::vector<float> RowPriors::NewRow(double scale) const {
  std::vector<float> row = MeansOf(0, {});
  const auto root = static_cast<float>(std::sqrt(scale));
  for (float& entry : row) entry *= root;
  row.back() *= root;
  return row;
}

}  // namespace matfac
