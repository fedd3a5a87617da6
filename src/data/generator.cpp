#include "data/generator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/errors.h"
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

// The constants are fitted to the statistics of MovieLens 100K that bench/figures/sample.mjs measures.
constexpr int kRank = 16;
/// People choose by genre, and a genre is a pole of one of the strongest factors.
constexpr int kChoiceFactors = 6;
constexpr int kGenres = 2 * kChoiceFactors;
constexpr double kMean = 3.15;
constexpr double kUserBias = 0.55;
constexpr double kItemBias = 0.36;
constexpr double kTaste = 0.65;
constexpr double kNoise = 0.845;
/// Popular items are liked more: by so many stars, the most against the least popular.
constexpr double kPopularityLift = 1.4;
constexpr double kActivityDeviation = 1.0;
/// Every user rates at least this many items, as in MovieLens, and no user more than this share of all items.
constexpr double kLeastActivity = 18.0;
constexpr double kGreatestShare = 0.5;
/// How strongly a user keeps to some genres, the correlation of what a user takes with what a user likes, and how
/// strongly an item belongs to its genres.
constexpr double kUserFocus = 1.9;
constexpr double kTasteInChoice = 0.7;
constexpr double kItemFocus = 7.0;

enum Stream : std::uint64_t { kActivity, kPopularity, kUserTaste, kItemTaste, kDraws, kUserChoice };

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

/// Of factor k: ∝ (k + 1)^−¼, scaled so that p·q has standard deviation kTaste.
std::array<double, kRank> FactorDeviations() {
  std::array<double, kRank> deviations{};
  double fourth_powers = 0.0;
  for (int k = 0; k < kRank; ++k) fourth_powers += 1.0 / (k + 1.0);
  for (int k = 0; k < kRank; ++k) deviations[k] = std::sqrt(kTaste / std::sqrt((k + 1.0) * fourth_powers));
  return deviations;
}

Tastes PlantTastes(Index count, double bias_deviation, Random random) {
  const std::array<double, kRank> deviations = FactorDeviations();
  Tastes tastes{.factors = FactorMatrix(count, kRank), .bias = std::vector<double>(count)};
  for (Index row = 0; row < count; ++row) {
    tastes.bias[row] = bias_deviation * random.Normal();
    for (int k = 0; k < kRank; ++k) tastes.factors(row, k) = static_cast<float>(deviations[k] * random.Normal());
  }
  return tastes;
}

/// How much a row is of each genre, in standard deviations: the positive and the negative pole of each factor.
std::array<double, kGenres> GenresOf(const Tastes& tastes, Index row, const std::array<double, kRank>& deviations) {
  std::array<double, kGenres> genres{};
  for (int k = 0; k < kChoiceFactors; ++k) {
    genres[2 * k] = tastes.factors(row, k) / deviations[k];
    genres[2 * k + 1] = -genres[2 * k];
  }
  return genres;
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

/// Where an item is in the order of popularity, from 0 to 1.
double PlaceOf(Index rank, Index items) { return (rank + 0.5) / items; }

/// The head is flat for about a dozen items, whatever the number of items.
double PopularityAt(Index rank, Index items) {
  const double place = PlaceOf(rank, items);
  return Exp(-3.2 * place - 0.75 * Log(place + 13.0 / items));
}

/// P(item | genre) ∝ popularity · the share of the genre in the item.
std::vector<AliasTable> ItemsByGenre(const Tastes& items, const std::vector<Index>& ranked) {
  const std::array<double, kRank> deviations = FactorDeviations();
  const auto count = static_cast<Index>(ranked.size());
  std::array<std::vector<double>, kGenres> weights;
  weights.fill(std::vector<double>(ranked.size()));
  for (Index rank = 0; rank < count; ++rank) {
    std::array<double, kGenres> genres = GenresOf(items, ranked[rank], deviations);
    double sum = 0.0;
    for (double& genre : genres) sum += genre = Exp(kItemFocus * genre);
    const double popularity = PopularityAt(rank, count);
    for (int g = 0; g < kGenres; ++g) weights[g][ranked[rank]] = popularity * genres[g] / sum;
  }
  std::vector<AliasTable> tables;
  tables.reserve(kGenres);
  for (std::vector<double>& weight : weights) tables.emplace_back(std::move(weight));
  return tables;
}

/// P(genre ≤ g | user) for a user who takes genres partly for being liked, partly for reasons of the user's own.
std::array<double, kGenres> CumulativeGenres(std::array<double, kGenres> liked, Random& random) {
  const double of_its_own = std::sqrt(1.0 - kTasteInChoice * kTasteInChoice);
  double sum = 0.0;
  for (double& genre : liked) {
    genre = sum += Exp(kUserFocus * (kTasteInChoice * genre + of_its_own * random.Normal()));
  }
  for (double& genre : liked) genre /= sum;
  return liked;
}

float HalfStars(double rating) {
  return static_cast<float>(std::clamp(std::floor(2.0 * rating + 0.5) / 2.0, 0.5, 5.0));
}

}  // namespace

GeneratorSize GeneratorSizeFromName(std::string_view name) {
  for (const GeneratorSize& size : kSizes) {
    if (size.name == name) return size;
  }
  ThrowInvalid("size must be tiny, ml100k, ml1m, ml10m or ml20m; it is '{}'", {name});
}

GeneratedRatings Generate(const GeneratorSize& size, std::uint64_t seed) {
  const std::vector<double> activity = DrawActivity(size, Random(seed, kActivity));
  const std::vector<Index> ranked = RankItems(size.items, Random(seed, kPopularity));
  const Tastes users = PlantTastes(size.users, kUserBias, Random(seed, kUserTaste));
  Tastes items = PlantTastes(size.items, kItemBias, Random(seed, kItemTaste));
  for (Index rank = 0; rank < size.items; ++rank) {
    items.bias[ranked[rank]] += kPopularityLift * (0.5 - std::sqrt(PlaceOf(rank, size.items)));
  }
  const std::vector<AliasTable> by_genre = ItemsByGenre(items, ranked);
  const std::array<double, kRank> deviations = FactorDeviations();

  Random choice(seed, kUserChoice);
  Random random(seed, kDraws);
  GeneratedRatings generated{.user_count = size.users, .item_count = size.items};
  std::vector<Index> last_user(size.items, kUnknown);  // the user who rated the item last
  for (Index user = 0; user < size.users; ++user) {
    const std::array<double, kGenres> genres = CumulativeGenres(GenresOf(users, user, deviations), choice);
    const double wanted = std::min(std::floor(activity[user] + random.Uniform()), kGreatestShare * size.items);
    double given = 0.0;
    for (int tries = 0; given < wanted && tries < 40.0 * wanted; ++tries) {
      const auto genre = std::upper_bound(genres.begin(), genres.end() - 1, random.Uniform()) - genres.begin();
      const Index item = by_genre[genre].Draw(random);
      if (last_user[item] == user) continue;
      last_user[item] = user;
      ++given;
      const double taste = kernels::Dot(RowOf(users.factors, user), RowOf(items.factors, item), kRank);
      const double rating = kMean + users.bias[user] + items.bias[item] + taste + kNoise * random.Normal();
      generated.columns.users.push_back(user);
      generated.columns.items.push_back(item);
      generated.columns.values.push_back(HalfStars(rating));
    }
  }
  return generated;
}

FactorMatrix PlantedItemFactors(const GeneratorSize& size, std::uint64_t seed) {
  return PlantTastes(size.items, kItemBias, Random(seed, kItemTaste)).factors;
}

}  // namespace matfac
