#include "data/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

class Generated : public testing::TestWithParam<const char*> {
 protected:
  const GeneratorSize size = GeneratorSizeFromName(GetParam());
  const GeneratedRatings generated = Generate(size, 1);
};

std::vector<int> Counts(const std::vector<Index>& rows, Index row_count) {
  std::vector<int> counts(row_count);
  for (const Index row : rows) ++counts.at(row);
  std::ranges::sort(counts, std::greater());
  return counts;
}

/// The share of the first tenth in the total.
double TopTenth(const std::vector<int>& sorted_counts) {
  const auto tenth = static_cast<std::ptrdiff_t>(sorted_counts.size() / 10);
  const double top = std::accumulate(sorted_counts.begin(), sorted_counts.begin() + tenth, 0.0);
  return top / std::accumulate(sorted_counts.begin(), sorted_counts.end(), 0.0);
}

TEST_P(Generated, HasTheSizesAskedFor) {
  EXPECT_EQ(size.name, GetParam());
  EXPECT_EQ(generated.user_count, size.users);
  EXPECT_EQ(generated.item_count, size.items);
  const auto count = static_cast<double>(generated.columns.values.size());
  EXPECT_NEAR(count, static_cast<double>(size.ratings), 0.05 * static_cast<double>(size.ratings));
}

TEST_P(Generated, IsHalfStarsOfUniquePairs) {
  const RatingColumns& columns = generated.columns;
  ASSERT_EQ(columns.users.size(), columns.values.size());
  ASSERT_EQ(columns.items.size(), columns.values.size());
  std::set<std::pair<Index, Index>> pairs;
  std::set<float> values;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    ASSERT_GE(columns.users[i], 0);
    ASSERT_LT(columns.users[i], size.users);
    ASSERT_GE(columns.items[i], 0);
    ASSERT_LT(columns.items[i], size.items);
    pairs.emplace(columns.users[i], columns.items[i]);
    values.insert(columns.values[i]);
  }
  EXPECT_EQ(pairs.size(), columns.values.size()) << "a pair is rated twice";
  EXPECT_EQ(values, (std::set<float>{0.5F, 1.0F, 1.5F, 2.0F, 2.5F, 3.0F, 3.5F, 4.0F, 4.5F, 5.0F}));
  EXPECT_TRUE(std::ranges::is_sorted(columns.users));
}

TEST_P(Generated, HasPlausibleMeanAndSpread) {
  const auto& values = generated.columns.values;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double squares = 0.0;
  for (const float value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(values.size()));
  EXPECT_NEAR(mean, 3.55, 0.25);      // 3.53 in MovieLens 100K
  EXPECT_NEAR(deviation, 1.1, 0.15);  // 1.13
}

TEST_P(Generated, DependsOnTheSeedAlone) {
  const GeneratedRatings again = Generate(size, 1);
  EXPECT_EQ(again.columns.users, generated.columns.users);
  EXPECT_EQ(again.columns.items, generated.columns.items);
  EXPECT_EQ(again.columns.values, generated.columns.values);
  const GeneratedRatings other = Generate(size, 2);
  EXPECT_NE(other.columns.items, generated.columns.items);
  EXPECT_NE(other.columns.values, generated.columns.values);
  EXPECT_NE(Counts(other.columns.users, size.users), Counts(generated.columns.users, size.users));
}

TEST_P(Generated, EveryUserRatesEnough) {
  const std::vector<int> activity = Counts(generated.columns.users, size.users);
  EXPECT_GE(activity.back(), 17);
  EXPECT_LE(activity.front(), 0.6 * size.items + 1);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Generated, testing::Values("tiny", "ml100k"));

// In MovieLens 100K the busiest tenth of users has 0.32 of the ratings, the most popular tenth of items 0.43, and the
// median user gave 65 of them. Equal shares would be 0.1 and 106.
TEST(GeneratedShape, IsAboutThatOfMovieLens) {
  const GeneratorSize size = GeneratorSizeFromName("ml100k");
  const GeneratedRatings generated = Generate(size, 1);
  const std::vector<int> activity = Counts(generated.columns.users, size.users);
  const std::vector<int> popularity = Counts(generated.columns.items, size.items);
  EXPECT_NEAR(TopTenth(activity), 0.32, 0.08);
  EXPECT_NEAR(TopTenth(popularity), 0.43, 0.15);
  EXPECT_NEAR(activity[size.users / 2], 65, 10);
}

TEST(GeneratedShape, HasStructureThatFactorsFind) {
  // Users and items carry more than noise: the variance within items is clearly less than over all.
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("ml100k"), 1);
  const auto ratings = test::Freeze(generated);
  double total = 0.0;
  double within = 0.0;
  for (Index item = 0; item < ratings->ItemCount(); ++item) {
    const auto values = ratings->ByItem().Row(item).values;
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    for (const float value : values) {
      total += std::pow(value - ratings->Mean(), 2);
      within += std::pow(value - mean, 2);
    }
  }
  EXPECT_LT(within, 0.95 * total);
}

TEST(GeneratedShape, FollowsThePlantedFactors) {
  // Σᵢ (r − r̄ᵢ) qᵢ over a user's ratings is long if the ratings were made from the factors q.
  const GeneratorSize size = GeneratorSizeFromName("ml100k");
  const auto ratings = test::Freeze(Generate(size, 1));
  std::vector<float> means(ratings->ItemCount());
  for (Index item = 0; item < ratings->ItemCount(); ++item) {
    const auto values = ratings->ByItem().Row(item).values;
    means[item] = std::accumulate(values.begin(), values.end(), 0.0F) / static_cast<float>(values.size());
  }
  const auto shared = [&](const FactorMatrix& factors) {
    double sum = 0.0;
    for (Index user = 0; user < ratings->UserCount(); ++user) {
      const auto row = ratings->ByUser().Row(user);
      Eigen::RowVectorXf direction = Eigen::RowVectorXf::Zero(factors.cols());
      for (std::size_t k = 0; k < row.values.size(); ++k) {
        direction += (row.values[k] - means[row.others[k]]) * factors.row(row.others[k]);
      }
      sum += direction.squaredNorm();
    }
    return sum;
  };
  const FactorMatrix planted = PlantedItemFactors(size, 1);
  EXPECT_EQ(planted.rows(), size.items);
  EXPECT_GT(shared(planted), 2.0 * shared(PlantedItemFactors(size, 2)));
}

TEST(GeneratorSizes, AreThoseOfTheirNames) {
  const std::vector<std::tuple<const char*, Index, Index, Offset>> known = {{"tiny", 100, 120, 3'000},
                                                                            {"ml100k", 943, 1'682, 100'000},
                                                                            {"ml1m", 6'040, 3'706, 1'000'209},
                                                                            {"ml10m", 69'878, 10'677, 10'000'054},
                                                                            {"ml20m", 138'493, 26'744, 20'000'263}};
  for (const auto& [name, users, items, ratings] : known) {
    const GeneratorSize size = GeneratorSizeFromName(name);
    EXPECT_EQ(size.users, users);
    EXPECT_EQ(size.items, items);
    EXPECT_EQ(size.ratings, ratings);
  }
  test::ExpectError<std::invalid_argument>([] { GeneratorSizeFromName("huge"); }, {"'huge'", "tiny", "ml20m"});
}

}  // namespace
}  // namespace matfac
