#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "base/budget.h"
#include "base/random.h"
#include "solvers/variational/user_moods.h"
#include "support.h"

namespace matfac {
namespace {

constexpr double kPrecision = 1.7;
using Variances = std::array<double, UserMoods::kScales.size()>;

/// Ratings in sittings of some minutes; the users' errors, drawn from moods of these variances and noise.
class Sittings {
 public:
  Sittings(Index users, Index items, const Variances& variances, std::uint64_t seed) : random_(seed, 3) {
    for (Index user = 0; user < users; ++user) {
      double time = 1e9 + 1e6 * random_.Uniform();
      for (Index item = 0; item < items; ++item) {
        time += random_.Uniform() < 0.03 ? 1e5 * random_.Uniform() : 25.0 * random_.Uniform();
        columns_.users.push_back(user);
        columns_.items.push_back(item);
        columns_.values.push_back(1.0F);
        columns_.times.push_back(time);
      }
    }
    ratings = test::Freeze(columns_, users, items);
    std::map<std::pair<Index, std::uint64_t>, double> effects;
    errors.resize(users);
    for (std::size_t j = 0; j < columns_.times.size(); ++j) {
      double error = random_.Normal() / std::sqrt(kPrecision);
      for (std::size_t s = 0; s < variances.size(); ++s) {
        const auto key = std::pair(columns_.users[j], Key(s, columns_.times[j]));
        if (!effects.contains(key)) effects[key] = std::sqrt(variances[s]) * random_.Normal();
        error += effects[key];
      }
      errors[columns_.users[j]].push_back(static_cast<float>(error));
    }
  }

  /// One for each scale and bin of whole seconds.
  static std::uint64_t Key(std::size_t scale, double time) {
    return 1'000'000'000 * scale + static_cast<std::uint64_t>(time) / UserMoods::kScales[scale];
  }
  double Time(Index user, std::size_t item) const {
    return columns_.times[static_cast<std::size_t>(user) * ratings->ItemCount() + item];
  }
  void Give(UserMoods& moods) const {
    for (Index user = 0; user < ratings->UserCount(); ++user) moods.SetErrors(user, errors[user]);
  }
  double SquaredErrors(Index user) const {
    double sum = 0.0;
    for (const double error : errors[user]) sum += error * error;
    return sum;
  }

  test::SharedRatings ratings;
  std::vector<std::vector<float>> errors;

 private:
  Random random_;
  RatingColumns columns_;
};

void LearnWhole(UserMoods& moods, const UserNoise& noise) {
  Budget endless(test::kEndless);
  while (!moods.Learn(noise, endless)) {
  }
}

/// ½ Σ t E(e − moods)² + KL, all that depends on the moods.
double Energy(const Sittings& sittings, const UserMoods& moods, const UserNoise& noise) {
  std::vector<double> squares(sittings.errors.size());
  for (Index user = 0; user < sittings.ratings->UserCount(); ++user) squares[user] = sittings.SquaredErrors(user);
  moods.AddSquaredErrors(noise, squares);
  double sum = moods.FreeEnergy(noise);
  for (const double square : squares) sum += 0.5 * kPrecision * square;
  return sum;
}

/// The bins of one user as the columns of a dense 0/1 matrix, those of scales without variance left out.
struct Dense {
  Eigen::MatrixXd design;
  Eigen::VectorXd precisions;

  Dense(const Sittings& sittings, const UserMoods& moods, Index user) {
    std::map<std::uint64_t, Index> columns;
    const auto count = static_cast<Index>(sittings.errors[user].size());
    std::vector<double> prior;
    design = Eigen::MatrixXd::Zero(count, 3 * count);
    for (Index j = 0; j < count; ++j) {
      for (std::size_t s = 0; s < UserMoods::kScales.size(); ++s) {
        if (moods.Variance(s) == 0.0F) continue;
        const auto [at, is_new] =
            columns.try_emplace(Sittings::Key(s, sittings.Time(user, j)), static_cast<Index>(columns.size()));
        if (is_new) prior.push_back(1.0 / moods.Variance(s));
        design(j, at->second) = 1.0;
      }
    }
    design.conservativeResize(count, static_cast<Index>(prior.size()));
    precisions = Eigen::Map<const Eigen::VectorXd>(prior.data(), static_cast<Index>(prior.size()));
  }
};

TEST(UserMoods, MeansAreThoseOfTheDensePosterior) {
  const Sittings sittings(20, 60, {1.0, 0.5, 0.5}, 1);
  const UserNoise noise(sittings.ratings->ByUser(), kPrecision);
  UserMoods moods(*sittings.ratings);
  sittings.Give(moods);
  for (int epoch = 0; epoch < 400; ++epoch) LearnWhole(moods, noise);
  ASSERT_GT(moods.Variance(0), 0.1F);
  ASSERT_GT(moods.Variance(2), 0.1F) << "one scale alone would not test what they leave to each other";
  for (Index user = 0; user < 20; ++user) {
    const Dense dense(sittings, moods, user);
    const auto count = static_cast<Index>(sittings.errors[user].size());
    const Eigen::VectorXd errors =
        Eigen::Map<const Eigen::VectorXf>(sittings.errors[user].data(), count).cast<double>();
    Eigen::MatrixXd matrix = kPrecision * dense.design.transpose() * dense.design;
    matrix += dense.precisions.asDiagonal();
    const Eigen::VectorXd means = matrix.ldlt().solve(kPrecision * dense.design.transpose() * errors);
    const Eigen::VectorXd expected = dense.design * means;
    const Offset begin = sittings.ratings->ByUser().Begin(user);
    for (Index j = 0; j < count; ++j) EXPECT_NEAR(moods.ByUser().Of(begin + j), expected(j), 2e-4);
  }
}

// E(e − Z x)² = ‖e − Z m‖² + tr(Z S Zᵀ) and KL between normals, in dense form.
TEST(UserMoods, TheFreeEnergyIsThatOfDenseNormals) {
  const Sittings sittings(5, 50, {0.3, 0.0, 0.3}, 2);
  const UserNoise noise(sittings.ratings->ByUser(), kPrecision);
  UserMoods moods(*sittings.ratings);
  sittings.Give(moods);
  for (int epoch = 0; epoch < 400; ++epoch) LearnWhole(moods, noise);
  double expected = 0.0;
  for (Index user = 0; user < 5; ++user) {
    const Dense dense(sittings, moods, user);
    const auto count = static_cast<Index>(sittings.errors[user].size());
    const Eigen::VectorXd errors =
        Eigen::Map<const Eigen::VectorXf>(sittings.errors[user].data(), count).cast<double>();
    Eigen::MatrixXd matrix = kPrecision * dense.design.transpose() * dense.design;
    matrix += dense.precisions.asDiagonal();
    const Eigen::VectorXd m = matrix.ldlt().solve(kPrecision * dense.design.transpose() * errors);
    // The posterior is a product over the bins.
    const Eigen::VectorXd s = matrix.diagonal().cwiseInverse();
    expected += 0.5 * kPrecision * (errors - dense.design * m).squaredNorm();
    for (Index k = 0; k < m.size(); ++k) {
      expected += 0.5 * kPrecision * dense.design.col(k).squaredNorm() * s(k);
      const double ratio = dense.precisions(k) * s(k);
      expected += 0.5 * (dense.precisions(k) * m(k) * m(k) + ratio - 1.0 - std::log(ratio));
    }
  }
  EXPECT_NEAR(Energy(sittings, moods, noise), expected, 1e-4 * std::abs(expected));
}

TEST(UserMoods, LearningNeverRaisesTheFreeEnergy) {
  const Sittings sittings(30, 80, {0.5, 0.1, 0.2}, 3);
  const UserNoise noise(sittings.ratings->ByUser(), kPrecision);
  UserMoods moods(*sittings.ratings);
  sittings.Give(moods);
  double last = std::numeric_limits<double>::infinity();
  for (int epoch = 0; epoch < 30; ++epoch) {
    LearnWhole(moods, noise);
    const double energy = Energy(sittings, moods, noise);
    EXPECT_LE(energy, last + 1e-6 * std::abs(energy));
    last = energy;
  }
}

struct Case {
  Variances planted;
  /// How far a learned variance may be from the planted one.
  double tolerance;
};

class PlantedMoods : public testing::TestWithParam<Case> {};

TEST_P(PlantedMoods, TheirVariancesAreFound) {
  const Sittings sittings(300, 150, GetParam().planted, 4);
  const UserNoise noise(sittings.ratings->ByUser(), kPrecision);
  UserMoods moods(*sittings.ratings);
  sittings.Give(moods);
  for (int epoch = 0; epoch < 30; ++epoch) LearnWhole(moods, noise);
  for (std::size_t s = 0; s < UserMoods::kScales.size(); ++s) {
    EXPECT_NEAR(moods.Variance(s), GetParam().planted[s], GetParam().tolerance) << UserMoods::kScales[s];
  }
}

INSTANTIATE_TEST_SUITE_P(Scales, PlantedMoods,
                         testing::Values(Case{{0.4, 0.0, 0.0}, 0.05}, Case{{0.0, 0.4, 0.0}, 0.05},
                                         Case{{0.0, 0.0, 0.4}, 0.05}, Case{{0.0, 0.0, 0.0}, 0.005}));

TEST(UserMoods, SumsBySidesAreTheSame) {
  const Sittings sittings(7, 9, {0.4, 0.3, 0.3}, 5);
  const UserNoise noise(sittings.ratings->ByUser(), kPrecision);
  UserMoods moods(*sittings.ratings);
  sittings.Give(moods);
  LearnWhole(moods, noise);
  for (Index user = 0; user < 7; ++user) {
    for (Index item = 0; item < 9; ++item) {
      EXPECT_EQ(moods.ByUser().Of(user * 9 + item), moods.ByItem().Of(item * 7 + user));
    }
  }
}

}  // namespace
}  // namespace matfac
