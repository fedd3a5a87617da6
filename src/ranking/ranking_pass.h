#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "data/item_lists.h"
#include "data/ratings.h"
#include "model/model.h"
#include "ranking/item_order.h"
#include "ranking/ranking.h"
#include "ranking/ranking_metrics.h"

namespace matfac {

class ItemSearch;

/// The items that each user should be shown.
struct RelevantItems {
  ItemLists known;
  /// For each user, the number of relevant items that the model does not know.
  std::vector<Index> unknown;

  /// Takes the test pairs whose value is at least `least`. Users and items may be kUnknown; pairs of unknown users are
  /// left out. Throws std::invalid_argument for columns that differ in length and indices out of range.
  static RelevantItems From(const Triplets& test, float least, Index user_count, Index item_count);
};

struct RankingOptions {
  /// ≥ 1.
  int k = 10;
  /// These two cost more than the first k: a count over all items, and a pass over the factors of the first k.
  bool auc = false;
  bool diversity = false;
  /// SelfInformation of each item; when empty, novelty is NaN.
  std::vector<double> information;
};

/// A pass over the users with relevant items that judges the ranking of all items by a model, in parallel and in slices
/// of time. The metrics are the same bits for any number of threads, any slicing and any metrics
/// beside them.
/// With AUC it costs users × items × stride multiply-adds, without it less. Blocks of users are scored against tiles of
/// items, so that each row loaded from memory serves many scores; only scores that can still enter the first k are
/// examined.
class RankingPass {
 public:
  /// Returns the items that are not ranked for a user, in ascending order. Called by several threads at a time; a
  /// thread reads the span until its next call.
  using Excluded = std::function<std::span<const Index>(Index user)>;

  /// Needs lists and `information` of the model's users and items; the workers must outlive the pass. A relevant item
  /// that is excluded is not relevant. Without any user to judge, every metric is NaN. Throws std::invalid_argument for
  /// k < 1.
  RankingPass(RelevantItems relevant, Excluded excluded, const RankingOptions& options, const Model& model,
              Workers& workers);

  /// Continues for about `seconds`; returns true when every user is judged. Needs a model of the shape that the
  /// constructor was given, which stays the same until the pass is complete.
  bool Advance(const Model& model, double seconds);
  /// Before another pass.
  void Restart();

  /// The number of users to judge: those with a relevant item.
  std::int64_t UserCount() const { return std::ssize(users_); }
  std::int64_t UsersJudged() const { return std::min<std::int64_t>(next_user_, UserCount()); }
  /// After a complete pass.
  RankingMetrics Result() const;

 private:
  struct UserRanking;

  void JudgeBlock(const Model& model, Index block, std::vector<std::uint8_t>& shown);
  UserRanking Begin(const Model& model, Index user) const;
  /// SearchAll, and the counts of AUC.
  static void CountAll(const Model& model, std::span<ItemSearch> searches, std::span<UserRanking> users);
  void Finish(const Model& model, const UserRanking& user, const Ranking& ranking, RankingSums& sums,
              std::vector<std::uint8_t>& shown) const;

  RelevantItems relevant_;
  Excluded excluded_;
  RankingOptions options_;
  Workers& workers_;
  std::vector<Index> users_;  // those judged
  std::vector<double> discounts_;
  std::optional<ItemOrder> order_;
  Index block_users_ = 0;
  std::int64_t next_user_ = 0;                    // in users_
  std::vector<RankingSums> sums_;                 // of some users each, added in their order
  std::vector<std::vector<std::uint8_t>> shown_;  // one per worker: the items in some user's first k
};

}  // namespace matfac
