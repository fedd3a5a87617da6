#include "ranking/recommend.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/sort.h"
#include "model/numbers.h"
#include "model/option_table.h"
#include "ranking/cosine.h"
#include "ranking/diversity.h"
#include "ranking/item_search.h"
#include "ranking/search_all.h"

namespace matfac {
namespace {

/// The most users scored together; a block of them is the work of one thread.
constexpr Index kBlockUsers = 64;

/// Fewer users when there would be too few blocks for the threads; an even number, because users are scored in pairs.
Index BlockUsers(Index users, Index threads) {
  const Index share = (users + threads - 1) / threads;
  return std::clamp((share + 1) / 2 * 2, Index{2}, kBlockUsers);
}

/// A user's side: the row of the factors, and the bias.
struct Side {
  const float* row;
  float bias;
};

float ScoreOf(const Model& model, const Side& side, Index item) {
  // In the order of the additions in Score.
  return static_cast<float>(model.Baseline() + side.bias + model.ItemBias(item) +
                            model.ItemFactors().Dot(side.row, item));
}

/// The best of `items`, each of which is there once.
Ranking BestOf(const Model& model, const Side& side, std::span<const Index> items, const std::vector<bool>& excluded,
               int n) {
  TopN top(n);
  for (const Index item : items) {
    if (!excluded[item]) top.Offer(item, ScoreOf(model, side, item));
  }
  return top.Take();
}

void SearchQuantized(const Model& model, const QuantizedRows& quantized, std::span<ItemSearch> searches) {
  const int width = TileItems(model.Stride());
  std::vector<float> scores(width);
  for (ItemSearch& search : searches) {
    const QuantizedRow row = quantized.Quantize(search.Row());
    for (Index first = 0; first < model.ItemCount(); first += width) {
      const int items = std::min(width, model.ItemCount() - first);
      quantized.Products(row, first, items, scores.data());
      search.Finish(scores.data(), first, items);
      search.Keep(scores.data(), first, items);
    }
  }
}

/// The best `n` of all items for every side.
std::vector<Ranking> BestOfAll(const Model& model, std::span<const Side> sides,
                               std::span<const std::span<const Index>> excluded, int n,
                               const RecommendOptions& options) {
  const bool approximate = options.quantized != nullptr;
  const int kept = approximate ? 2 * std::min(n, model.ItemCount()) + 16 : n;
  std::vector<ItemSearch> searches;
  searches.reserve(sides.size());
  for (std::size_t u = 0; u < sides.size(); ++u) {
    searches.emplace_back(model, sides[u].row, sides[u].bias, excluded[u], kept);
  }
  if (approximate) {
    SearchQuantized(model, *options.quantized, searches);
  } else {
    SearchAll(model, searches, options.order);
  }
  std::vector<Ranking> rankings;
  for (std::size_t u = 0; u < sides.size(); ++u) {
    rankings.push_back(searches[u].Take());
    if (approximate) rankings[u] = BestOf(model, sides[u], rankings[u].indices, MarksOf(model, {}), n);
  }
  return rankings;
}

void Mark(std::span<const Index> rows, bool mark, std::vector<bool>& marks) {
  for (const Index row : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= marks.size()) {
      ThrowInvalid("a listed row must be from 0 to {}; it is {}", {marks.size() - 1, row});
    }
    marks[row] = mark;
  }
}

/// RecommendOptions, checked once.
class Recommender {
 public:
  Recommender(const Model& model, const RecommendOptions& options) : model_(model), options_(options) {
    if (std::isnan(options.diversity) || options.diversity < 0.0 || options.diversity > 1.0) {
      ThrowInvalid("diversity must be a number from 0 to 1; it is {}", {options.diversity});
    }
    if (!options.included) return;
    included_.assign(options.included->begin(), options.included->end());
    Sort(included_);
    const auto rest = std::ranges::unique(included_);
    included_.erase(rest.begin(), rest.end());
    for (const Index item : included_) model.CheckItem(item);
  }

  std::vector<Ranking> To(std::span<const Side> sides, std::span<const std::span<const Index>> excluded) const {
    const bool diverse = options_.diversity > 0.0;
    const int n = diverse ? DiversityPool(options_.n) : options_.n;
    std::vector<Ranking> rankings;
    if (options_.included) {
      for (std::size_t u = 0; u < sides.size(); ++u) {
        rankings.push_back(BestOf(model_, sides[u], included_, MarksOf(model_, excluded[u]), n));
      }
    } else {
      rankings = BestOfAll(model_, sides, excluded, n, options_);
    }
    if (!diverse) return rankings;
    for (Ranking& ranking : rankings) {
      ranking = Diversify(model_.ItemFactors(), ranking, options_.n, options_.diversity);
    }
    return rankings;
  }

 private:
  const Model& model_;
  const RecommendOptions& options_;
  std::vector<Index> included_;
};

}  // namespace

Profile ProfileOf(const Model& model, Index user) {
  model.CheckUser(user);
  const float* row = RowOf(model.user_factors, user);
  return {.factors = std::vector<float>(row, row + model.Stride()), .bias = model.UserBias(user)};
}

Ranking Recommend(const Model& model, const Profile& profile, const RecommendOptions& options,
                  std::span<const Index> excluded) {
  const Side side{.row = profile.factors.data(), .bias = profile.bias};
  return Recommender(model, options).To({&side, 1}, {&excluded, 1}).front();
}

std::vector<Ranking> RecommendMany(const Model& model, std::span<const Index> users, const RecommendOptions& options,
                                   const std::vector<std::span<const Index>>& excluded, Workers& workers) {
  std::vector<Side> sides;
  for (const Index user : users) {
    model.CheckUser(user);
    sides.push_back({.row = RowOf(model.user_factors, user), .bias = model.UserBias(user)});
  }
  const Recommender recommender(model, options);
  std::vector<Ranking> rankings(users.size());
  const auto count = static_cast<Index>(users.size());
  const Index block_users = BlockUsers(count, workers.Count());
  workers.ForEachBlock((count + block_users - 1) / block_users, [&](Index block, int /*worker*/) {
    const Index begin = block * block_users;
    const Index size = std::min(block_users, count - begin);
    std::ranges::move(recommender.To(std::span(sides).subspan(begin, size), std::span(excluded).subspan(begin, size)),
                      rankings.begin() + begin);
  });
  return rankings;
}

Ranking Similar(const StoredRows& factors, Index row, int n, std::span<const Index> excluded,
                const std::optional<std::span<const Index>>& included, std::span<const float> trust) {
  const Index rows = factors.Count();
  if (!trust.empty()) RequireLength("trust", trust.size(), rows);
  std::vector<bool> competes(rows, !included);
  Mark(included.value_or(excluded.first(0)), true, competes);
  Mark(excluded, false, competes);
  competes[row] = false;
  const int stride = factors.Stride();
  const std::vector<float> centre = factors.Copy(row);
  const float centre_norm = Norm(centre.data(), stride);
  std::vector<float> room;
  TopN top(n);
  for (Index other = 0; other < rows; ++other) {
    if (!competes[other]) continue;
    const float* x = factors.Row(other, room);
    const float cosine = Cosine(centre.data(), centre_norm, x, Norm(x, stride), stride);
    top.Offer(other, trust.empty() ? cosine : trust[other] * cosine);
  }
  return top.Take();
}

}  // namespace matfac
