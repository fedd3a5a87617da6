#include "ranking/ranking_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "base/portable_math.h"

namespace matfac {
namespace {

/// Used in place of Eigen's, whose order of summation differs between machines.
template <typename T>
double SquaredNorm(std::span<const T> row) {
  double sum = 0.0;
  for (const double x : row) sum += x * x;
  return sum;
}

}  // namespace

double RankingSums::Mean::Value() const {
  return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

void RankingSums::Add(const JudgedRanking& ranking, int k, std::span<const double> discounts) {
  int hits = 0;
  double gain = 0.0;
  double precisions = 0.0;
  double first = 0.0;
  for (std::size_t at = 0; at < ranking.top.size(); ++at) {
    if (!std::ranges::binary_search(ranking.relevant, ranking.top[at])) continue;
    const auto place = static_cast<double>(at + 1);
    if (hits == 0) first = 1.0 / place;
    ++hits;
    gain += discounts[at];
    precisions += hits / place;
  }
  const int findable = std::min(k, ranking.relevant_count);
  const auto ideal = discounts.first(std::min<std::size_t>(findable, discounts.size()));
  means_[PlaceOf(&RankingMetrics::precision)].Add(static_cast<double>(hits) / k);
  means_[PlaceOf(&RankingMetrics::recall)].Add(static_cast<double>(hits) / ranking.relevant_count);
  means_[PlaceOf(&RankingMetrics::ndcg)].Add(gain / std::accumulate(ideal.begin(), ideal.end(), 0.0));
  means_[PlaceOf(&RankingMetrics::map)].Add(precisions / findable);
  means_[PlaceOf(&RankingMetrics::mrr)].Add(first);
  means_[PlaceOf(&RankingMetrics::hit_rate)].Add(hits > 0 ? 1.0 : 0.0);
  ++users_;
}

/// Σ_{i<j} cos = ½ (‖Σ v̂‖² − n) over the n rows that are not zero; a row of zeros has cosine 0 with every other.
void RankingSums::AddDiversity(std::span<const Index> top, const StoredRows& item_factors) {
  if (top.size() < 2) return;
  std::vector<double> sum(item_factors.Stride());
  std::vector<float> room;
  int directed = 0;
  for (const Index item : top) {
    const std::span<const float> row(item_factors.Row(item, room), sum.size());
    const double norm = std::sqrt(SquaredNorm(row));
    if (norm == 0.0) continue;
    for (std::size_t f = 0; f < sum.size(); ++f) sum[f] += row[f] / norm;
    ++directed;
  }
  const auto count = static_cast<double>(top.size());
  const double cosines = (SquaredNorm<double>(sum) - directed) / (count * (count - 1.0));
  means_[PlaceOf(&RankingMetrics::diversity)].Add(1.0 - cosines);
}

void RankingSums::AddNovelty(std::span<const Index> top, std::span<const double> information) {
  if (top.empty()) return;
  double sum = 0.0;
  for (const Index item : top) sum += information[item];
  means_[PlaceOf(&RankingMetrics::novelty)].Add(sum / static_cast<double>(top.size()));
}

void RankingSums::Add(const RankingSums& other) {
  for (std::size_t metric = 0; metric < means_.size(); ++metric) means_[metric].Add(other.means_[metric]);
  users_ += other.users_;
}

RankingMetrics RankingSums::Means() const {
  RankingMetrics metrics{.users = users_};
  for (std::size_t place = 0; place < means_.size(); ++place) {
    metrics.*kRankingMetrics[place].value = means_[place].Value();
  }
  return metrics;
}

std::vector<double> Discounts(int k) {
  std::vector<double> discounts(k);
  for (int at = 0; at < k; ++at) discounts[at] = std::numbers::ln2 / Log(at + 2.0);
  return discounts;
}

std::vector<double> SelfInformation(std::span<const Index> rating_counts, Index users) {
  std::vector<double> information(rating_counts.size());
  for (std::size_t item = 0; item < information.size(); ++item) {
    const double share = static_cast<double>(std::max(rating_counts[item], 1)) / users;
    information[item] = -Log(share) / std::numbers::ln2;
  }
  return information;
}

}  // namespace matfac
