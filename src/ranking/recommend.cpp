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
#include "ranking/score_tile.h"

namespace matfac {
namespace {

/// The most users scored together; a block of them is the work of one thread.
constexpr Index kBlockUsers = 16;

/// Fewer users when there would be too few blocks for the threads; an even number, because users are scored in pairs.
Index BlockUsers(Index users, Index threads) {
  const Index share = (users + threads - 1) / threads;
  return std::clamp((share + 1) / 2 * 2, Index{2}, kBlockUsers);
}

/// Ascending, each item once.
std::vector<Index> Sorted(const Model& model, std::span<const Index> items) {
  for (const Index item : items) model.CheckItem(item);
  std::vector<Index> sorted(items.begin(), items.end());
  Sort(sorted);
  const auto rest = std::ranges::unique(sorted);
  sorted.erase(rest.begin(), rest.end());
  return sorted;
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

/// The best of `items`, which ascend.
Ranking BestOf(const Model& model, const Side& side, std::span<const Index> items, std::span<const Index> excluded,
               int n) {
  TopN top(n);
  for (const Index item : items) {
    if (!std::ranges::binary_search(excluded, item)) top.Offer(item, ScoreOf(model, side, item));
  }
  return top.Take();
}

/// The best `n` of all items for each search by products that `fill` writes: those of user u with a tile of items into
/// row u of the tile's scores.
template <typename Fill>
void SearchTiles(const Model& model, std::span<ItemSearch> searches, const Fill& fill) {
  const int width = TileItems(model.Stride());
  std::vector<float> scores(searches.size() * width);
  for (Index first = 0; first < model.ItemCount(); first += width) {
    const int items = std::min(width, model.ItemCount() - first);
    fill(first, items, scores.data(), width);
    for (std::size_t u = 0; u < searches.size(); ++u) {
      searches[u].Finish(&scores[u * width], first, items);
      searches[u].Keep(&scores[u * width], first, items);
    }
  }
}

void SearchExactly(const Model& model, std::span<ItemSearch> searches) {
  std::vector<const float*> rows;
  for (const ItemSearch& search : searches) rows.push_back(search.Row());
  const StoredRows factors = model.ItemFactors();
  std::vector<float> room;
  SearchTiles(model, searches, [&](Index first, int items, float* scores, int width) {
    ScoreTile(rows, factors.Rows(first, items, room), items, model.Stride(), scores, width);
  });
}

void SearchQuantized(const Model& model, const QuantizedRows& quantized, std::span<ItemSearch> searches) {
  std::vector<QuantizedRow> rows;
  for (const ItemSearch& search : searches) rows.push_back(quantized.Quantize(search.Row()));
  SearchTiles(model, searches, [&](Index first, int items, float* scores, int width) {
    for (std::size_t u = 0; u < rows.size(); ++u) quantized.Products(rows[u], first, items, scores + u * width);
  });
}

/// The best `n` of all items for every side.
std::vector<Ranking> BestOfAll(const Model& model, std::span<const Side> sides,
                               const std::vector<std::vector<Index>>& excluded, int n, const QuantizedRows* quantized) {
  const int kept = quantized != nullptr ? 2 * std::min(n, model.ItemCount()) + 16 : n;
  std::vector<ItemSearch> searches;
  searches.reserve(sides.size());
  for (std::size_t u = 0; u < sides.size(); ++u) {
    searches.emplace_back(model, sides[u].row, sides[u].bias, excluded[u], kept);
  }
  if (quantized != nullptr) {
    SearchQuantized(model, *quantized, searches);
  } else {
    SearchExactly(model, searches);
  }
  std::vector<Ranking> rankings;
  for (std::size_t u = 0; u < sides.size(); ++u) {
    rankings.push_back(searches[u].Take());
    if (quantized == nullptr) continue;
    rankings[u] = BestOf(model, sides[u], Sorted(model, rankings[u].indices), {}, n);
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
    if (options.included) included_ = Sorted(model, *options.included);
  }

  std::vector<Ranking> To(std::span<const Side> sides, std::span<const std::span<const Index>> excluded) const {
    std::vector<std::vector<Index>> out;
    for (const auto items : excluded) out.push_back(Sorted(model_, items));
    const bool diverse = options_.diversity > 0.0;
    const int n = diverse ? DiversityPool(options_.n) : options_.n;
    std::vector<Ranking> rankings;
    if (options_.included) {
      for (std::size_t u = 0; u < sides.size(); ++u) {
        rankings.push_back(BestOf(model_, sides[u], included_, out[u], n));
      }
    } else {
      rankings = BestOfAll(model_, sides, out, n, options_.quantized);
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
