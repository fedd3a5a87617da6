#include "solvers/variational/variational_side.h"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <vector>

#include "support.h"

/// Compares a half-step of variational with dense sums in double precision.
namespace matfac {
namespace {

constexpr Index kUsers = 12;
constexpr Index kItems = 9;
constexpr int kFactors = 3;
constexpr int kEntries = kFactors + 1;
constexpr int kPreference = 2;
constexpr int kFeatures = kPreference + 2;
constexpr float kNoise = 1.7F;

struct Normal {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

Eigen::MatrixXd RandomDense(Index rows, Index columns, unsigned seed) {
  const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(rows) * columns, seed);
  return Eigen::Map<const Eigen::MatrixXf>(numbers.data(), rows, columns).cast<double>();
}

/// Of an item: its factors, then its bias, all correlated.
Normal ItemPosterior(Index item) {
  const Eigen::MatrixXd root = RandomDense(kEntries, kEntries, 20 + item);
  return {.mean = RandomDense(kEntries, 1, 40 + item), .covariance = 0.3 * root * root.transpose()};
}

void WriteRecord(const Normal& posterior, float* record) {
  const MomentLayout layout(kFactors);
  const Eigen::MatrixXd second = posterior.mean * posterior.mean.transpose() + posterior.covariance;
  int at = layout.second;
  for (int i = 0; i < kFactors; ++i) {
    record[i] = static_cast<float>(posterior.mean(i));
    record[layout.cross + i] = static_cast<float>(second(i, kFactors));
    for (int j = i; j < kFactors; ++j) record[at++] = static_cast<float>(second(i, j));
  }
  record[layout.ones] = 1.0F;
  record[layout.BiasMean()] = static_cast<float>(posterior.mean(kFactors));
  record[layout.BiasSquare()] = static_cast<float>(second(kFactors, kFactors));
}

Normal PosteriorIn(const VariationalSide& side, Index row) {
  const MomentLayout layout(kFactors);
  const float* const record = RowOf(side.Records(), row);
  Normal posterior{.mean = Eigen::VectorXd(kEntries), .covariance = Eigen::MatrixXd(kEntries, kEntries)};
  int at = layout.second;
  for (int i = 0; i < kEntries; ++i) posterior.mean(i) = side.Means(row)[i];
  for (int i = 0; i < kFactors; ++i) {
    posterior.covariance(i, kFactors) = posterior.covariance(kFactors, i) = record[layout.cross + i];
    for (int j = i; j < kFactors; ++j) posterior.covariance(i, j) = posterior.covariance(j, i) = record[at++];
  }
  posterior.covariance(kFactors, kFactors) = record[layout.BiasSquare()];
  posterior.covariance -= posterior.mean * posterior.mean.transpose();
  return posterior;
}

class HalfStep : public testing::Test {
 protected:
  HalfStep() {
    for (Index item = 0; item < kItems; ++item) {
      items_.push_back(ItemPosterior(item));
      WriteRecord(items_[item], RowOf(records_, item));
    }
    std::vector<std::span<float>> prior;
    side_.MutablePrior().AddTo(prior);
    const std::vector<float> weights = test::RandomFloats(prior[1].size(), 3);
    for (std::size_t i = 0; i < weights.size(); ++i) prior[1][i] = weights[i];
    for (int d = 0; d < kEntries; ++d) prior[0][d] = 0.5F + static_cast<float>(d);
    side_.SetPreference(preference_);
  }

  Eigen::VectorXd PriorMean(Index user) const {
    Eigen::VectorXd features(kFeatures);
    features << 1.0, preference_(user, 0), preference_(user, 1),
        std::log(1.0 + static_cast<double>(ratings_->ByUser().Count(user)));
    Eigen::VectorXd mean(kEntries);
    for (int d = 0; d < kEntries; ++d) {
      mean(d) = 0.0;
      for (int i = 0; i < kFeatures; ++i) mean(d) += side_.Prior().Weights()[d * kFeatures + i] * features(i);
    }
    return mean;
  }
  Eigen::VectorXd Precisions() const { return Eigen::VectorXd::LinSpaced(kEntries, 0.5, 0.5 + kFactors); }

  /// By the normal equations of the rated items, whole.
  Normal Expected(Index user) const {
    Eigen::MatrixXd precision = Precisions().asDiagonal();
    Eigen::VectorXd right = Precisions().cwiseProduct(PriorMean(user));
    const RatingsRow row = ratings_->ByUser().Row(user);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      const auto& [mean, covariance] = items_[row.others[j]];
      Eigen::VectorXd z = mean;
      z(kFactors) = 1.0;
      Eigen::MatrixXd spread = covariance;
      spread.col(kFactors).setZero();
      spread.row(kFactors).setZero();
      Eigen::VectorXd shared = covariance.col(kFactors);
      shared(kFactors) = 0.0;
      precision += kNoise * (z * z.transpose() + spread);
      right += kNoise * ((Standardized(row.values[j]) - mean(kFactors)) * z - shared);
    }
    const Eigen::MatrixXd covariance = precision.inverse();
    return {.mean = covariance * right, .covariance = covariance};
  }
  double Standardized(float rating) const { return (rating - standard_.mean) / standard_.deviation; }

  /// Σ (r − E r̂)² + Var r̂ of the user's ratings.
  double ExpectedErrors(const Normal& user, Index index) const {
    double sum = 0.0;
    const RatingsRow row = ratings_->ByUser().Row(index);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      const auto& [mean, covariance] = items_[row.others[j]];
      // r̂ = x·z + b with z = [v; 1]: as a linear function of either side, [v; b] has the weights [u; 1].
      Eigen::VectorXd z = mean;
      z(kFactors) = 1.0;
      Eigen::VectorXd y = user.mean;
      y(kFactors) = 1.0;
      const double both = user.covariance.topLeftCorner(kFactors, kFactors)
                              .cwiseProduct(covariance.topLeftCorner(kFactors, kFactors))
                              .sum();
      const double score = user.mean.dot(z) + mean(kFactors);
      sum +=
          std::pow(Standardized(row.values[j]) - score, 2) + y.dot(covariance * y) + z.dot(user.covariance * z) + both;
    }
    return sum;
  }

  const test::SharedRatings ratings_ = test::Freeze(test::RandomColumns(kUsers, kItems, 0.6, 4), kUsers, kItems);
  const Standard standard_{.mean = 2.8F, .deviation = 1.3F};
  std::vector<Normal> items_;
  FactorMatrix records_ = FactorMatrix::Zero(kItems, MomentLayout(kFactors).length);
  FactorMatrix preference_ = RandomDense(kUsers, StrideOf(kPreference), 5).cast<float>();
  const Features none_;
  VariationalSide side_{ratings_->ByUser(), none_, kFactors, RowPrior(kEntries, kFeatures, 1.0F, 1.0F), 1};
};

TEST_F(HalfStep, GivesThePosteriorOfTheDenseNormalEquations) {
  for (Index user = 0; user < kUsers; ++user) {
    side_.Improve(user, records_, standard_, kNoise, 0);
    const Normal found = PosteriorIn(side_, user);
    const Normal expected = Expected(user);
    EXPECT_LT((found.mean - expected.mean).cwiseAbs().maxCoeff(), 1e-4) << user;
    EXPECT_LT((found.covariance - expected.covariance).cwiseAbs().maxCoeff(), 1e-4) << user;
    for (int d = 0; d < kEntries; ++d) EXPECT_NEAR(side_.Variances()(user, d), expected.covariance(d, d), 1e-5);
  }
}

// The items' half-step: the noise is the users', and so is in their records.
TEST_F(HalfStep, OfRecordsThatAreWeighedIsTheSame) {
  FactorMatrix weighed = records_ * kNoise;
  for (Index user = 0; user < kUsers; ++user) {
    side_.Improve(user, records_, standard_, kNoise, 0);
    const Normal one = PosteriorIn(side_, user);
    side_.Improve(user, weighed, standard_, 1.0F, 0);
    const Normal other = PosteriorIn(side_, user);
    EXPECT_LT((one.mean - other.mean).cwiseAbs().maxCoeff(), 1e-5);
    EXPECT_LT((one.covariance - other.covariance).cwiseAbs().maxCoeff(), 1e-5);
  }
}

TEST_F(HalfStep, SquaredErrorsAreThoseOfIndependentNormals) {
  for (Index user = 0; user < kUsers; ++user) {
    const auto sums = side_.Improve(user, records_, standard_, kNoise, 0);
    const double expected = ExpectedErrors(Expected(user), user);
    EXPECT_NEAR(side_.SquaredErrors(user, sums), expected, 1e-4 * (1.0 + expected)) << user;
  }
}

TEST_F(HalfStep, FreeEnergyIsTheDivergenceFromThePrior) {
  double expected = 0.0;
  for (Index user = 0; user < kUsers; ++user) {
    side_.Improve(user, records_, standard_, kNoise, 0);
    const auto [mean, covariance] = Expected(user);
    const Eigen::MatrixXd ratio = Precisions().asDiagonal() * covariance;
    const Eigen::VectorXd away = mean - PriorMean(user);
    expected +=
        0.5 * (ratio.trace() + away.dot(Precisions().cwiseProduct(away)) - kEntries - std::log(ratio.determinant()));
  }
  EXPECT_NEAR(side_.RowFreeEnergy(), expected, 1e-4 * expected);
}

// What the half-step minimizes: ½ t × the squared errors, and the divergence.
TEST_F(HalfStep, IsTheMinimumOfTheFreeEnergyOfTheRow) {
  constexpr Index kUser = 3;
  const auto energy = [&](const Normal& posterior) {
    const Eigen::MatrixXd ratio = Precisions().asDiagonal() * posterior.covariance;
    const Eigen::VectorXd away = posterior.mean - PriorMean(kUser);
    return 0.5 * (kNoise * ExpectedErrors(posterior, kUser) + ratio.trace() +
                  away.dot(Precisions().cwiseProduct(away)) - std::log(ratio.determinant()));
  };
  side_.Improve(kUser, records_, standard_, kNoise, 0);
  const Normal found = PosteriorIn(side_, kUser);
  const double least = energy(found);
  for (int d = 0; d < kEntries; ++d) {
    for (const double step : {-0.05, 0.05}) {
      Normal other = found;
      other.mean(d) += step;
      EXPECT_GT(energy(other), least);
      other = found;
      other.covariance(d, d) *= 1.0 + step;
      EXPECT_GT(energy(other), least);
    }
  }
}

}  // namespace
}  // namespace matfac
