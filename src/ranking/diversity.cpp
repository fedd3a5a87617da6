#include "ranking/diversity.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ranking/cosine.h"

namespace matfac {
namespace {

constexpr int kLeastPool = 100;
constexpr std::int64_t kPoolPerPlace = 10;

}  // namespace

int DiversityPool(int n) {
  return static_cast<int>(
      std::clamp<std::int64_t>(kPoolPerPlace * n, kLeastPool, std::numeric_limits<std::int32_t>::max()));
}

Ranking Diversify(const StoredRows& item_factors, const Ranking& pool, int n, double d) {
  const int stride = item_factors.Stride();
  const std::size_t size = pool.indices.size();
  const FactorMatrix rows = item_factors.Gathered(pool.indices);
  std::vector<float> norms;
  norms.reserve(size);
  for (std::size_t i = 0; i < size; ++i) norms.push_back(Norm(RowOf(rows, static_cast<Index>(i)), stride));
  const double worst = size > 0 ? pool.scores.back() : 0.0;
  const double spread = size > 0 ? pool.scores.front() - worst : 0.0;
  std::vector<double> nearest(size, -1.0);
  std::vector<bool> chosen(size);
  Ranking ranking;
  while (ranking.indices.size() < std::min(size, static_cast<std::size_t>(n))) {
    std::size_t best = size;
    double most = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      if (chosen[i]) continue;
      const double relevance = spread > 0.0 ? (pool.scores[i] - worst) / spread : 0.0;
      const double value = (1.0 - d) * relevance - d * nearest[i];
      if (best < size && !(value > most)) continue;
      best = i;
      most = value;
    }
    chosen[best] = true;
    ranking.indices.push_back(pool.indices[best]);
    ranking.scores.push_back(pool.scores[best]);
    const float* row = RowOf(rows, static_cast<Index>(best));
    for (std::size_t i = 0; i < size; ++i) {
      const float* other = RowOf(rows, static_cast<Index>(i));
      nearest[i] = std::max(nearest[i], double{Cosine(other, norms[i], row, norms[best], stride)});
    }
  }
  return ranking;
}

}  // namespace matfac
