#include "ranking/ranking_pass.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>

#include "base/budget.h"
#include "base/errors.h"
#include "base/sort.h"
#include "ranking/item_search.h"
#include "ranking/score_tile.h"
#include "ranking/search_all.h"

namespace matfac {
namespace {

/// Multiply-adds of a block of users, and the fewest and the most users that it has. With fewer, reading the items
/// would take longer than scoring them.
constexpr std::int64_t kBlockWork = 1 << 25;
constexpr std::int64_t kLeastUsers = 16;
constexpr std::int64_t kMostUsers = 32;
/// The users whose metrics are added up first, whatever the blocks are: the sums have the same bits.
constexpr std::int64_t kSumUsers = 16;
/// Multiply-adds of a worker between two checks of the budget, unless a block has more; one worker alone checks after
/// each block, because nobody waits for it.
constexpr std::int64_t kSliceWork = 4 * kBlockWork;
constexpr std::int64_t kSliceUsers = 128;

/// About the multiply-adds that choosing the first k, and the comparisons of AUC, take of each item beside its product.
constexpr std::int64_t kItemCost = 64;

Index CountOf(const RelevantItems& relevant, std::span<const Index> excluded, Index user) {
  const auto known = relevant.known.Row(user);
  Index count = relevant.unknown[user];
  for (const Index item : known) count += std::ranges::binary_search(excluded, item) ? 0 : 1;
  return count;
}

}  // namespace

RelevantItems RelevantItems::From(const Triplets& test, float least, Index user_count, Index item_count) {
  CheckLengths(test);
  std::vector<Index> users;
  std::vector<Index> items;
  RelevantItems relevant{.unknown = std::vector<Index>(user_count)};
  for (std::size_t j = 0; j < test.values.size(); ++j) {
    if (!(test.values[j] >= least)) continue;
    users.push_back(test.users[j]);
    items.push_back(test.items[j]);
  }
  relevant.known = ItemLists("test", users, items, user_count, item_count);
  for (std::size_t j = 0; j < users.size(); ++j) {
    if (users[j] != kUnknown && items[j] == kUnknown) ++relevant.unknown[users[j]];
  }
  return relevant;
}

/// One user's ranking while the tiles are scored.
struct RankingPass::UserRanking {
  Index user;
  std::vector<Index> excluded;
  std::vector<Index> relevant;
  std::size_t next_excluded = 0;
  std::vector<float> bars;  // the relevant items' scores, ascending
  std::int64_t above = 0;   // CountAbove over all ranked items

  /// From a tile of scores, which go by in order.
  void LeaveOut(float* scores, Index first, int count) {
    for (; next_excluded < excluded.size() && excluded[next_excluded] < first + count; ++next_excluded) {
      scores[excluded[next_excluded] - first] = kNever;
    }
  }
};

RankingPass::RankingPass(RelevantItems relevant, Excluded excluded, const RankingOptions& options, const Model& model,
                         Workers& workers)
    : relevant_(std::move(relevant)), excluded_(std::move(excluded)), options_(options), workers_(workers) {
  if (options.k < 1) {
    ThrowInvalid("k must be a whole number of at least 1; it is {}", {options.k});
  }
  Index most = 0;
  for (Index user = 0; user < model.UserCount(); ++user) {
    const Index count = CountOf(relevant_, excluded_(user), user);
    if (count > 0) users_.push_back(user);
    most = std::max(most, count);
  }
  discounts_ = Discounts(std::min(options.k, std::max(most, model.ItemCount())));
  const std::int64_t cost = std::int64_t{model.ItemCount()} * model.Stride();
  // Without AUC most products are only bounded, in half of the time, which pays for more users.
  const std::int64_t times = options.auc ? 1 : 2;
  const std::int64_t affordable = times * kBlockWork / std::max<std::int64_t>(cost, 1);
  block_users_ =
      static_cast<Index>(std::clamp(affordable, times * kLeastUsers, times * kMostUsers) / kSumUsers * kSumUsers);
  sums_.resize((users_.size() + kSumUsers - 1) / kSumUsers);
  shown_.assign(workers.Count(), std::vector<std::uint8_t>(model.ItemCount()));
}

void RankingPass::Restart() {
  next_user_ = 0;
  std::ranges::fill(sums_, RankingSums());
  for (auto& shown : shown_) std::ranges::fill(shown, 0);
}

bool RankingPass::Advance(const Model& model, double seconds) {
  Budget budget(seconds);
  // AUC counts all scores.
  if (next_user_ == 0 && !options_.auc) order_.emplace(model, users_.size() >= ItemOrder::kLeastUsers);
  const std::int64_t block_cost = std::int64_t{block_users_} * model.ItemCount() * (model.Stride() + kItemCost);
  while (next_user_ < UserCount()) {
    const auto first = static_cast<Index>(next_user_ / block_users_);
    const std::int64_t affordable = workers_.Count() > 1 ? kSliceWork / std::max<std::int64_t>(block_cost, 1) : 1;
    const auto per_worker = static_cast<Index>(std::clamp<std::int64_t>(affordable, 1, kSliceUsers / block_users_));
    const auto all = static_cast<Index>((UserCount() + block_users_ - 1) / block_users_);
    const Index blocks = std::min(per_worker * workers_.Count(), all - first);
    workers_.ForEachBlock(blocks, [&](Index block, int worker) { JudgeBlock(model, first + block, shown_[worker]); });
    next_user_ += std::int64_t{blocks} * block_users_;
    if (budget.Spend(block_cost * blocks / workers_.Count())) break;
  }
  return next_user_ >= UserCount();
}

void RankingPass::JudgeBlock(const Model& model, Index block, std::vector<std::uint8_t>& shown) {
  const std::size_t begin = static_cast<std::size_t>(block) * block_users_;
  const std::size_t count = std::min<std::size_t>(block_users_, users_.size() - begin);
  std::vector<UserRanking> users;
  std::vector<ItemSearch> searches;
  for (const Index user : std::span(users_).subspan(begin, count)) {
    users.push_back(Begin(model, user));
    searches.emplace_back(model, RowOf(model.user_factors, user), model.UserBias(user), users.back().excluded,
                          options_.k);
  }
  if (options_.auc) {
    CountAll(model, searches, users);
  } else {
    SearchAll(model, searches, order_ ? &*order_ : nullptr);
  }
  for (std::size_t u = 0; u < count; ++u)
    Finish(model, users[u], searches[u].Take(), sums_[(begin + u) / kSumUsers], shown);
}

void RankingPass::CountAll(const Model& model, std::span<ItemSearch> searches, std::span<UserRanking> users) {
  std::vector<const float*> rows;
  for (const ItemSearch& search : searches) rows.push_back(search.Row());
  const int width = TileItems(model.Stride());
  std::vector<float> scores(rows.size() * width);
  const StoredRows factors = model.ItemFactors();
  std::vector<float> room;
  for (Index first = 0; first < model.ItemCount(); first += width) {
    const int items = std::min(width, model.ItemCount() - first);
    ScoreTile(rows, factors.Rows(first, items, room), items, model.Stride(), scores.data(), width);
    for (std::size_t u = 0; u < users.size(); ++u) {
      float* const of_user = &scores[u * width];
      searches[u].Finish(of_user, first, items);
      users[u].LeaveOut(of_user, first, items);
      users[u].above += CountAbove(of_user, PaddedItems(items), users[u].bars);
      searches[u].Keep(of_user, first, items);
    }
  }
}

RankingPass::UserRanking RankingPass::Begin(const Model& model, Index user) const {
  const std::span<const Index> given = excluded_(user);
  std::vector<Index> excluded(given.begin(), given.end());
  UserRanking ranking{.user = user, .excluded = std::move(excluded)};
  std::ranges::set_difference(relevant_.known.Row(user), ranking.excluded, std::back_inserter(ranking.relevant));
  for (const Index item : ranking.relevant) {
    ranking.bars.push_back(static_cast<float>(model.Score(user, item)));
  }
  Sort(ranking.bars);
  return ranking;
}

void RankingPass::Finish(const Model& model, const UserRanking& user, const Ranking& ranking, RankingSums& sums,
                         std::vector<std::uint8_t>& shown) const {
  const auto known = static_cast<Index>(user.relevant.size());
  const Index count = known + relevant_.unknown[user.user];
  sums.Add({.top = ranking.indices, .relevant = user.relevant, .relevant_count = count}, options_.k, discounts_);
  for (const Index item : ranking.indices) shown[item] = 1;
  if (options_.diversity) sums.AddDiversity(ranking.indices, model.ItemFactors());
  if (!options_.information.empty()) sums.AddNovelty(ranking.indices, options_.information);
  const std::int64_t others = model.ItemCount() - std::ssize(user.excluded) - known;
  if (!options_.auc || others == 0) return;
  // Pairs of relevant items count once for each order and once with themselves: known² in all.
  const double lost = 0.5 * static_cast<double>(user.above - std::int64_t{known} * known);
  const auto pairs = static_cast<double>(others);
  sums.AddAuc((known * pairs - lost) / (count * pairs));
}

RankingMetrics RankingPass::Result() const {
  RankingSums sums;
  for (const RankingSums& some : sums_) sums.Add(some);
  RankingMetrics metrics = sums.Means();
  if (users_.empty()) return metrics;
  std::int64_t shown = 0;
  const std::size_t items = shown_.front().size();
  for (std::size_t item = 0; item < items; ++item) {
    shown += std::ranges::any_of(shown_, [&](const auto& worker) { return worker[item] != 0; }) ? 1 : 0;
  }
  metrics.coverage = static_cast<double>(shown) / static_cast<double>(items);
  return metrics;
}

}  // namespace matfac
