#include "data/generator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "base/kernels.h"
#include "base/portable_math.h"
#include "base/random.h"

namespace matfac {
namespace {

constexpr std::array<GeneratorSize, 5> kSizes = {{{"tiny", 100, 120, 3'000},
                                                  {"ml100k", 943, 1'682, 100'000},
                                                  {"ml1m", 6'040, 3'706, 1'000'209},
                                                  {"ml10m", 69'878, 10'677, 10'000'054},
                                                  {"ml20m", 138'493, 26'744, 20'000'263}}};

constexpr int kRank = 16;
constexpr double kMean = 3.5;
constexpr double kBiasDeviation = 0.42;
constexpr double kNoise = 0.74;
/// Popular items are liked a little more.
constexpr double kPopularityLift = 0.25;
constexpr double kActivityDeviation = 1.1;
/// Every user rates at least this many items, as in MovieLens, and no user more than this share of all items.
constexpr double kLeastActivity = 18.0;
constexpr double kGreatestShare = 0.6;

enum Stream : std::uint64_t { kActivity, kPopularity, kUserTaste, kItemTaste, kDraws };

/// Draws an item in constant time from fixed weights (Walker's alias method, Vose 1991).
class AliasTable {
 public:
  explicit AliasTable(std::vector<double> weights) : keep_(std::move(weights)), alias_(keep_.size()) {
    const double scale = static_cast<double>(keep_.size()) / std::accumulate(keep_.begin(), keep_.end(), 0.0);
    std::vector<Index> small;
    std::vector<Index> large;
    for (Index i = 0; i < static_cast<Index>(keep_.size()); ++i) {
      keep_[i] *= scale;
      (keep_[i] < 1.0 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
      const Index from = small.back();
      const Index to = large.back();
      small.pop_back();
      alias_[from] = to;
      keep_[to] -= 1.0 - keep_[from];
      if (keep_[to] >= 1.0) continue;
      large.pop_back();
      small.push_back(to);
    }
    for (const Index rest : small) keep_[rest] = 1.0;
    for (const Index rest : large) keep_[rest] = 1.0;
  }

  Index Draw(Random& random) const {
    const auto slot = static_cast<Index>(random.Below(static_cast<std::uint32_t>(keep_.size())));
    return random.Uniform() < keep_[slot] ? slot : alias_[slot];
  }

 private:
  std::vector<double> keep_;
  std::vector<Index> alias_;
};

struct Tastes {
  FactorMatrix factors;
  std::vector<double> bias;
};

/// Factor k has weight 1/√(k + 1), scaled so that p·q has standard deviation ½.
Tastes PlantTastes(Index count, Random random) {
  std::array<double, kRank> deviation{};
  double fourth_powers = 0.0;
  for (int k = 0; k < kRank; ++k) fourth_powers += 1.0 / (k + 1.0);
  for (int k = 0; k < kRank; ++k) deviation[k] = std::sqrt(0.5 / std::sqrt((k + 1.0) * fourth_powers));
  Tastes tastes{.factors = FactorMatrix(count, kRank), .bias = std::vector<double>(count)};
  for (Index row = 0; row < count; ++row) {
    tastes.bias[row] = kBiasDeviation * random.Normal();
    for (int k = 0; k < kRank; ++k) tastes.factors(row, k) = static_cast<float>(deviation[k] * random.Normal());
  }
  return tastes;
}

std::vector<double> DrawActivity(const GeneratorSize& size, Random random) {
  std::vector<double> activity(size.users);
  double sum = 0.0;
  for (double& a : activity) sum += a = Exp(kActivityDeviation * random.Normal());
  const double rest = std::max(0.0, static_cast<double>(size.ratings) - kLeastActivity * size.users);
  for (double& a : activity) a = kLeastActivity + a / sum * rest;
  return activity;
}

/// The items in order of popularity.
std::vector<Index> RankItems(Index items, Random random) {
  std::vector<Index> ranked(items);
  std::iota(ranked.begin(), ranked.end(), 0);
  random.Shuffle(std::span(ranked));
  return ranked;
}

AliasTable PopularityTable(const std::vector<Index>& ranked) {
  const auto items = static_cast<double>(ranked.size());
  std::vector<double> weights(ranked.size());
  for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
    const auto place = static_cast<double>(rank);
    weights[ranked[rank]] = Exp(-2.5 * place / items) / (place + 1.0 + 0.003 * items);
  }
  return AliasTable(std::move(weights));
}

float HalfStars(double rating) {
  return static_cast<float>(std::clamp(std::floor(2.0 * rating + 0.5) / 2.0, 0.5, 5.0));
}

}  // namespace

GeneratorSize GeneratorSizeFromName(std::string_view name) {
  for (const GeneratorSize& size : kSizes) {
    if (size.name == name) return size;
  }
  throw std::invalid_argument("size must be tiny, ml100k, ml1m, ml10m or ml20m; it is '" + std::string(name) + "'");
}

GeneratedRatings Generate(const GeneratorSize& size, std::uint64_t seed) {
  const std::vector<double> activity = DrawActivity(size, Random(seed, kActivity));
  const std::vector<Index> ranked = RankItems(size.items, Random(seed, kPopularity));
  const AliasTable popularity = PopularityTable(ranked);
  const Tastes users = PlantTastes(size.users, Random(seed, kUserTaste));
  Tastes items = PlantTastes(size.items, Random(seed, kItemTaste));
  for (Index rank = 0; rank < size.items; ++rank) {
    items.bias[ranked[rank]] += kPopularityLift * (0.5 - static_cast<double>(rank) / size.items);
  }

  Random random(seed, kDraws);
  GeneratedRatings generated{.user_count = size.users, .item_count = size.items};
  std::vector<Index> last_user(size.items, kUnknown);  // the user who rated the item last
  for (Index user = 0; user < size.users; ++user) {
    const double wanted = std::min(std::floor(activity[user] + random.Uniform()), kGreatestShare * size.items);
    double given = 0.0;
    for (int tries = 0; given < wanted && tries < 40.0 * wanted; ++tries) {
      const Index item = popularity.Draw(random);
      if (last_user[item] == user) continue;
      const double taste = kernels::Dot(RowOf(users.factors, user), RowOf(items.factors, item), kRank);
      if (random.Uniform() > 1.0 / (1.0 + Exp(-1.2 * (1.0 + taste)))) continue;
      last_user[item] = user;
      ++given;
      const double rating = kMean + users.bias[user] + items.bias[item] + taste + kNoise * random.Normal();
      generated.columns.users.push_back(user);
      generated.columns.items.push_back(item);
      generated.columns.values.push_back(HalfStars(rating));
    }
  }
  return generated;
}

FactorMatrix PlantedItemFactors(const GeneratorSize& size, std::uint64_t seed) {
  return PlantTastes(size.items, Random(seed, kItemTaste)).factors;
}

}  // namespace matfac
