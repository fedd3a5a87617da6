#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/stored_rows.h"
#include "data/ratings.h"

namespace matfac {

/// The quality of a ranking. Every item that is not excluded for a user is ranked, without sampling (Krichene and
/// Rendle 2020, "On sampled metrics for item recommendation"), by falling score, equal scores by ascending index, in
/// the order of Recommend. For a user with R > 0 relevant items, of which `hits` are among the first k at the places
/// p_1 < p_2 …:
///   precision = hits / k
///   recall    = hits / R
///   hit_rate  = 1 if hits > 0, else 0
///   mrr       = 1 / p_1, 0 without a hit (Voorhees 1999)
///   ndcg      = Σ_h 1 / log2(p_h + 1) / Σ_{p=1}^{min(R,k)} 1 / log2(p + 1)
///               (Järvelin and Kekäläinen 2002, gains 0, 1)
///   map       = Σ_h h / p_h / min(R, k) (average precision, cut off at k)
///   auc       = share of the pairs of a relevant and another ranked item in which the relevant one has the higher
///               score, equal ones counting half (Hanley and McNeil 1982), over the whole ranking
/// and without regard to relevance
///   diversity = mean over the pairs of the first k of 1 − cosine of their factors (Ziegler et al. 2005)
///   novelty   = mean over the first k of −log2(share of the users who rated the item) (Vargas and Castells 2011)
/// Each is the mean over the users judged, who are those with R > 0. A relevant item that the model does not know is
/// never found and still counts in R, in auc as the last of the ranking: a model does not improve by knowing less.
///   coverage  = share of all items that are among the first k of any user judged
/// NaN stands for a metric that was not asked for, or that no user has (auc where every item is relevant, diversity of
/// one item).
struct RankingMetrics {
  double precision = 0.0;
  double recall = 0.0;
  double ndcg = 0.0;
  double map = 0.0;
  double mrr = 0.0;
  double auc = 0.0;
  double hit_rate = 0.0;
  double coverage = 0.0;
  double diversity = 0.0;
  double novelty = 0.0;
  /// The number of users judged.
  std::int64_t users = 0;
};

struct RankingMetric {
  /// As in JavaScript.
  std::string_view name;
  double RankingMetrics::* value;
};

/// Every metric. The sums, the bindings and the TypeScript catalogue walk this list.
inline constexpr std::array kRankingMetrics{RankingMetric{"precision", &RankingMetrics::precision},
                                            RankingMetric{"recall", &RankingMetrics::recall},
                                            RankingMetric{"ndcg", &RankingMetrics::ndcg},
                                            RankingMetric{"map", &RankingMetrics::map},
                                            RankingMetric{"mrr", &RankingMetrics::mrr},
                                            RankingMetric{"auc", &RankingMetrics::auc},
                                            RankingMetric{"hitRate", &RankingMetrics::hit_rate},
                                            RankingMetric{"coverage", &RankingMetrics::coverage},
                                            RankingMetric{"diversity", &RankingMetrics::diversity},
                                            RankingMetric{"novelty", &RankingMetrics::novelty}};
static_assert(sizeof(RankingMetrics) == kRankingMetrics.size() * sizeof(double) + sizeof(std::int64_t),
              "every metric has a row");

/// The place of a metric in kRankingMetrics.
consteval std::size_t PlaceOf(double RankingMetrics::* metric) {
  std::size_t place = 0;
  while (kRankingMetrics.at(place).value != metric) ++place;
  return place;
}

/// The first k of one user's ranking, and the relevant items.
struct JudgedRanking {
  std::span<const Index> top;
  /// The relevant items that the model knows and that were ranked, in ascending order.
  std::span<const Index> relevant;
  /// R: those items and the relevant ones that the model does not know.
  Index relevant_count;
};

/// Sums over users. Sums of disjoint sets of users can be added; the bits depend on the order.
class RankingSums {
 public:
  /// Adds the metrics that depend on the places of the first k. Needs relevant_count > 0 and the k discounts of
  /// Discounts.
  void Add(const JudgedRanking& ranking, int k, std::span<const double> discounts);
  void AddAuc(double auc) { means_[PlaceOf(&RankingMetrics::auc)].Add(auc); }
  /// Adds nothing for fewer than two items. Needs items within the rows of the factors.
  void AddDiversity(std::span<const Index> top, const StoredRows& item_factors);
  /// Adds nothing without items. `information` is that of SelfInformation, one number per known item.
  void AddNovelty(std::span<const Index> top, std::span<const double> information);
  void Add(const RankingSums& other);

  /// All metrics but coverage, which is NaN, as is a metric to which nothing was added.
  RankingMetrics Means() const;

 private:
  struct Mean {
    double sum = 0.0;
    std::int64_t count = 0;

    void Add(double value) {
      sum += value;
      ++count;
    }
    void Add(const Mean& other) {
      sum += other.sum;
      count += other.count;
    }
    double Value() const;
  };

  /// In the order of kRankingMetrics.
  std::array<Mean, kRankingMetrics.size()> means_;
  std::int64_t users_ = 0;
};

/// 1 / log2(place + 1) for the places 1 … k: k numbers. Needs k ≥ 0.
std::vector<double> Discounts(int k);

/// −log2(count / users) for each item, where an item without ratings counts as one with a single rating. Needs users ≥
/// 1 and counts from 0 to users.
std::vector<double> SelfInformation(std::span<const Index> rating_counts, Index users);

}  // namespace matfac
