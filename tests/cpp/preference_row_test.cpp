#include "rows/preference_row.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <numeric>
#include <vector>

#include "implicit_data.h"
#include "rows/gram.h"
#include "support.h"

namespace matfac {
namespace {

constexpr Index kItems = 25;
constexpr int kFactors = 6;

class PreferenceRows : public testing::Test {
 protected:
  PreferenceRow Built(std::size_t count, bool population) {
    PreferenceRow row(StrideOf(kFactors));
    row.Build({.others = items_,
               .count = kItems,
               .gram = gram_.Data(),
               .terms = terms_,
               .population = population ? std::span<const float>(population_) : std::span<const float>(),
               .features = {}},
              std::span(observed_).first(count), std::span(ratings_).first(count));
    return row;
  }

  /// A of the header.
  Eigen::MatrixXd Matrix(std::size_t count) const {
    const Eigen::MatrixXd q = test::Plain(items_, kFactors);
    Eigen::MatrixXd a = q.transpose() * q;
    for (std::size_t j = 0; j < count; ++j) a += 3.0 * q.row(observed_[j]).transpose() * q.row(observed_[j]);
    a.diagonal().array() += 0.01 * (kItems + 3.0 * static_cast<double>(count));
    return a;
  }
  Eigen::VectorXd Taken(std::size_t count) const {
    const Eigen::MatrixXd q = test::Plain(items_, kFactors);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(kFactors);
    for (std::size_t j = 0; j < count; ++j) right += 3.0 * q.row(observed_[j]).transpose();
    return test::Solve(Matrix(count), right);
  }
  /// x' of the header.
  Eigen::VectorXd Liked(std::size_t count, bool population) const {
    const Eigen::MatrixXd q = test::Plain(items_, kFactors);
    const double newness = population ? 3.0 / (3.0 + static_cast<double>(count)) : 0.0;
    const Eigen::VectorXd start = newness * test::Plain(population_, kFactors);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(kFactors);
    for (std::size_t j = 0; j < count; ++j) {
      const double z = (ratings_[j] - 3.5) / 1.25;
      const double y = 1.0 + 0.15 * z + (0.2 + 3.0 * newness) * std::min(0.0, z + 1.0);
      right += 3.0 * (y - start.dot(q.row(observed_[j]))) * q.row(observed_[j]).transpose();
    }
    return start + test::Solve(Matrix(count), right);
  }

  const PreferenceTerms terms_{.confidence = 3.0F, .regularization = 0.01F, .mean = 3.5F, .deviation = 1.25F};
  const FactorMatrix items_ = test::RandomMatrix(kItems, kFactors, 0.7, 3);
  const Gram gram_ = GramOf(items_);
  const std::vector<float> population_ = {0.3F, -0.2F, 0.5F, 0.1F, 0.0F, -0.4F, 0.0F, 0.0F};
  const std::vector<Index> observed_ = {2, 3, 8, 11, 19, 24};
  const std::vector<float> ratings_ = {5.0F, 0.5F, 4.0F, 2.0F, 1.0F, 3.5F};
};

TEST_F(PreferenceRows, SolveTheDenseNormalEquations) {
  for (const std::size_t count : {1U, 3U, 6U}) {
    for (const bool population : {false, true}) {
      std::vector<float> taken(StrideOf(kFactors), 7.0F);
      std::vector<float> liked(StrideOf(kFactors), 7.0F);
      Built(count, population).Solve(taken.data(), liked.data());
      EXPECT_LT((test::Plain(taken, kFactors) - Taken(count)).cwiseAbs().maxCoeff(), 1e-5);
      EXPECT_LT((test::Plain(liked, kFactors) - Liked(count, population)).cwiseAbs().maxCoeff(), 1e-5);
      for (int f = kFactors; f < StrideOf(kFactors); ++f) EXPECT_EQ(liked[f], 0.0F) << "padding";
    }
  }
}

TEST_F(PreferenceRows, ContributionsSumToTheProduct) {
  const std::vector<float> v = test::RandomFloats(StrideOf(kFactors), 5);
  for (const bool population : {false, true}) {
    const std::vector<float> parts = Built(6, population).Contributions(v.data());
    ASSERT_EQ(parts.size(), 6U);
    EXPECT_NEAR(std::accumulate(parts.begin(), parts.end(), 0.0), Liked(6, population).dot(test::Plain(v, kFactors)),
                1e-5);
  }
}

TEST_F(PreferenceRows, WithoutRatingsAreThePopulation) {
  std::vector<float> taken(StrideOf(kFactors), 7.0F);
  std::vector<float> liked(StrideOf(kFactors), 7.0F);
  Built(0, true).Solve(taken.data(), liked.data());
  EXPECT_EQ(taken, population_);
  EXPECT_EQ(liked, population_);
  EXPECT_TRUE(Built(0, true).Contributions(population_.data()).empty());
  Built(0, false).Solve(taken.data(), liked.data());
  EXPECT_EQ(liked, std::vector<float>(StrideOf(kFactors))) << "items have no population";
}

// x'·q of one rated item alone, as the rating falls.
TEST_F(PreferenceRows, ALowerRatingPullsFurtherAway) {
  const Eigen::VectorXd q = test::Plain(items_, kFactors).row(observed_[0]);
  double last = test::kEndless;
  for (const float rating : {5.0F, 4.0F, 3.0F, 2.0F, 1.0F}) {
    PreferenceRow row(StrideOf(kFactors));
    row.Build({.others = items_,
               .count = kItems,
               .gram = gram_.Data(),
               .terms = terms_,
               .population = population_,
               .features = {}},
              std::span(observed_).first(1), std::vector<float>{rating});
    std::vector<float> taken(StrideOf(kFactors));
    std::vector<float> liked(StrideOf(kFactors));
    row.Solve(taken.data(), liked.data());
    const double pull = test::Plain(liked, kFactors).dot(q);
    EXPECT_LT(pull, last) << rating;
    last = pull;
  }
  EXPECT_LT(last, 0.0);
}

}  // namespace
}  // namespace matfac
