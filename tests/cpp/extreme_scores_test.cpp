#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/portable_math.h"
#include "fold_in/fold_in.h"
#include "model/score_bound.h"
#include "ranking/diversity.h"
#include "ranking/item_map.h"
#include "ranking/ranked_model.h"
#include "ranking/recommend.h"
#include "support.h"

// Factors at the ends of float32: every item is ranked, in the right order, or the model is refused.
namespace matfac {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kLeast = std::numeric_limits<float>::denorm_min();

FactorMatrix Rows(Index rows, float size, unsigned seed) {
  const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(rows) * 8, seed);
  return size * Eigen::Map<const FactorMatrix>(numbers.data(), rows, 8);
}

Model ModelOf(const FactorMatrix& users, const FactorMatrix& items) {
  Model model;
  model.options = {.solver = SolverKind::kImplicitAls, .factors = 8, .biases = false};
  model.user_factors = users;
  model.item_factors = items;
  model.minimum = -std::numeric_limits<float>::infinity();
  model.maximum = std::numeric_limits<float>::infinity();
  return model;
}

long double Product(const FactorMatrix& a, Index i, const FactorMatrix& b, Index j) {
  long double sum = 0.0L;
  for (Index f = 0; f < a.cols(); ++f) sum += static_cast<long double>(a(i, f)) * b(j, f);
  return sum;
}

long double CosineOf(const FactorMatrix& rows, Index i, Index j) {
  return Product(rows, i, rows, j) / std::sqrt(Product(rows, i, rows, i) * Product(rows, j, rows, j));
}

TEST(ExtremeScores, SimilarRowsHaveTheirCosinesAtAnySize) {
  for (const float size : {1.0F, 1e-14F, 1e-20F, 1e-25F, 1e-37F, 1e14F, 1e20F, 1e37F}) {
    FactorMatrix rows = Rows(30, size, 7);
    rows.row(1) = 0.5F * rows.row(0);
    rows.row(2) = -0.5F * rows.row(0);
    const Ranking ranking = Similar(rows, 0, 100);
    ASSERT_EQ(ranking.indices.size(), 29U);
    EXPECT_EQ(ranking.indices.front(), 1) << size;
    EXPECT_NEAR(ranking.scores.front(), 1.0F, 1e-5F);
    EXPECT_EQ(ranking.indices.back(), 2) << size;
    for (std::size_t place = 0; place < 29; ++place) {
      EXPECT_NEAR(ranking.scores[place], CosineOf(rows, 0, ranking.indices[place]), 1e-5L) << size;
    }
  }
}

TEST(ExtremeScores, CosinesOfRowsOfVeryDifferentSizesAreThoseOfTheirDirections) {
  FactorMatrix rows = Rows(4, 1.0F, 8);
  rows.row(1) = 1e30F * rows.row(0);
  rows.row(2) = 1e-30F * rows.row(0);
  rows.row(3).setZero();
  const Ranking ranking = Similar(rows, 0, 3);
  EXPECT_NEAR(ranking.scores[0], 1.0F, 1e-6F);
  EXPECT_NEAR(ranking.scores[1], 1.0F, 1e-6F);
  EXPECT_EQ(ranking.indices[2], 3);
  EXPECT_EQ(ranking.scores[2], 0.0F);
}

TEST(ExtremeScores, RecommendationsAreInOrderAndWholeAtAnySize) {
  struct Sizes {
    float user;
    float item;
  };
  for (const Sizes size : {Sizes{1e18F, 1e18F}, {1e-18F, 1e-18F}, {1e20F, 1e-20F}, {1e36F, 1e-36F}, {1e-25F, 1e20F}}) {
    const Model model = ModelOf(Rows(3, size.user, 1), Rows(40, size.item, 2));
    ASSERT_NO_THROW(RequireScores(model));
    const QuantizedRows quantized(model.item_factors);
    std::vector<Index> expected(40);
    std::iota(expected.begin(), expected.end(), 0);
    std::ranges::sort(expected, std::greater(),
                      [&](Index item) { return Product(model.user_factors, 1, model.item_factors, item); });
    const Ranking ranking = Recommend(model, ProfileOf(model, 1), {.n = 50}, {});
    EXPECT_EQ(ranking.indices, expected) << size.user << " " << size.item;
    const RecommendOptions approximate{.n = 50, .quantized = &quantized};
    EXPECT_EQ(Recommend(model, ProfileOf(model, 1), approximate, {}).indices, expected);
    const Ranking diverse = Recommend(model, ProfileOf(model, 1), {.n = 50, .diversity = 0.3}, {});
    EXPECT_EQ(diverse.indices.size(), 40U);
    EXPECT_EQ(diverse.indices.front(), expected.front());
  }
}

/// By the formula in diversity.h, in long double.
std::vector<Index> DiverseOf(const FactorMatrix& rows, const Ranking& pool, std::size_t n, long double d) {
  const long double worst = pool.scores.back();
  const long double spread = pool.scores.front() - worst;
  std::vector<Index> chosen;
  while (chosen.size() < n) {
    Index best = kUnknown;
    long double most = 0.0L;
    for (std::size_t i = 0; i < pool.indices.size(); ++i) {
      const Index item = pool.indices[i];
      if (std::ranges::count(chosen, item) > 0) continue;
      long double nearest = -1.0L;
      for (const Index other : chosen) nearest = std::max(nearest, CosineOf(rows, item, other));
      const long double value = (1.0L - d) * (pool.scores[i] - worst) / spread - d * nearest;
      if (best != kUnknown && value <= most) continue;
      best = item;
      most = value;
    }
    chosen.push_back(best);
  }
  return chosen;
}

TEST(ExtremeScores, DiversityIsThatOfTheDirections) {
  for (const float size : {1.0F, 1e25F, 1e-25F}) {
    const FactorMatrix rows = Rows(12, size, 3);
    Ranking pool;
    for (Index item = 0; item < 12; ++item) {
      pool.indices.push_back(item);
      pool.scores.push_back(12.0F - static_cast<float>(item));
    }
    EXPECT_EQ(Diversify(rows, pool, 6, 0.7).indices, DiverseOf(rows, pool, 6, 0.7L)) << size;
  }
}

TEST(ExtremeScores, QuantizedRowsOfSubnormalNumbersDoNotWrapAround) {
  FactorMatrix items = FactorMatrix::Zero(4, 4);
  // The scale, a 127th of the peak, is rounded down to the least subnormal number.
  items(0, 0) = 190.0F * kLeast;
  items(1, 0) = -190.0F * kLeast;
  const QuantizedRows quantized(items);
  const std::vector<float> user = {1e30F, 0.0F, 0.0F, 0.0F};
  std::vector<float> products(4);
  quantized.Products(quantized.Quantize(user.data()), 0, 4, products.data());
  EXPECT_GT(products[0], 0.0F);
  EXPECT_LT(products[1], 0.0F);
}

TEST(ExtremeScores, TheMapOfItemsIsThatOfTheirDirections) {
  const FactorMatrix rows = Rows(20, 1.0F, 4);
  const FactorMatrix places = MapItems(rows, 3);
  for (const int exponent : {100, 60, -60, -100}) {
    const FactorMatrix scaled = MapItems(FactorMatrix(std::ldexp(1.0F, exponent) * rows), 3);
    EXPECT_LT((scaled - places).cwiseAbs().maxCoeff(), 1e-6F) << exponent;
  }
}

TEST(ExtremeScores, ModelsWhoseScoresOverflowAreRefused) {
  const auto refused = [](const Model& model) {
    test::ExpectError<std::invalid_argument>([&] { RequireScores(model); },
                                             {"factors and biases must keep every score within 1e+37; their sizes"});
  };
  const Model usual = ModelOf(Rows(3, 1.0F, 1), Rows(4, 1.0F, 2));
  EXPECT_NO_THROW(RequireScores(usual));
  refused(ModelOf(Rows(3, 1e20F, 1), Rows(4, 1e20F, 2)));
  refused(ModelOf(Rows(3, 1.0F, 1), Rows(4, 3e38F, 2)));
  EXPECT_NO_THROW(RequireScores(ModelOf(Rows(3, 1.0F, 1), Rows(4, 1e20F, 2))));
  Model nan = usual;
  nan.user_factors(2, 3) = kNaN;
  refused(nan);
  Model biased = usual;
  biased.item_bias.assign(4, 3e38F);
  refused(biased);
  Model mean = usual;
  mean.mean = 1e300;
  refused(mean);
}

TEST(ExtremeScores, APreferenceThatOverflowsIsRefused) {
  Model model = ModelOf(Rows(3, 1.0F, 1), Rows(4, 1.0F, 2));
  model.options.preference_factors = 8;
  model.taken_items = Rows(4, 1.0F, 5);
  model.liked_items = Rows(4, 1.0F, 6);
  model.liked_users = Rows(3, 1.0F, 7);
  model.preference_terms.assign(13, 1.0F);
  EXPECT_NO_THROW(RequireScores(model));
  model.preference_terms[3] = kLeast;  // the deviation, by which predicted ratings are divided
  test::ExpectError<std::invalid_argument>([&] { RequireScores(model); }, {"their sizes allow Infinity"});
}

TEST(ExtremeScores, AVisitorGetsFiniteScoresOrAnError) {
  for (const float size : {1e-30F, 1e-18F, 1.0F, 1e10F, 1e17F, 1e25F, 1e36F}) {
    Model model = ModelOf(Rows(3, 1e-3F, 1), Rows(6, size, 2));
    model.options.solver = SolverKind::kAls;
    model.options.regularization = 0.1;
    ASSERT_NO_THROW(RequireScores(model));
    const std::vector<Index> items = {0, 2, 4};
    for (const float rating : {1e-38F, 1.0F, 1e20F, 3e38F}) {
      const std::vector<float> values = {rating, 0.5F * rating, -rating};
      try {
        const Profile profile = FoldIn(model, items, values);
        for (Index item = 0; item < 6; ++item)
          EXPECT_TRUE(std::isfinite(static_cast<float>(Score(model, profile, item))));
        EXPECT_EQ(Recommend(model, profile, {.n = 6}, {}).indices.size(), 6U);
      } catch (const std::invalid_argument& error) {
        EXPECT_TRUE(size > 1.0F || rating > 1.0F) << error.what();
      }
    }
  }
}

TEST(ExtremeScores, ARatingBeyondTheScoresIsNamed) {
  Model model = ModelOf(Rows(3, 1.0F, 1), Rows(6, 1e-3F, 2));
  model.options.solver = SolverKind::kAls;
  model.options.regularization = 1e-9;
  const std::vector<Index> items = {0};
  const std::vector<float> values = {3e38F};
  test::ExpectError<std::invalid_argument>([&] { FoldIn(model, items, values); },
                                           {"the ratings of a visitor must keep every score within 1e+37"});
}

TEST(ExtremeScores, NaNStaysNaN) {
  constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(Exp(kNotANumber)));
  EXPECT_TRUE(std::isnan(ExpForFloat(kNotANumber)));
}

}  // namespace
}  // namespace matfac
