#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "solvers/variational/user_noise.h"
#include "support.h"

namespace matfac {
namespace {

/// ψ, by the difference of the standard library's ln Γ.
double Digamma(double x) { return (std::lgamma(x + 1e-4) - std::lgamma(x - 1e-4)) / 2e-4; }

struct GammaDistribution {
  double shape;
  double rate;

  double Mean() const { return shape / rate; }
  double MeanLog() const { return Digamma(shape) - std::log(rate); }
  /// E log of the density of `other` under this one.
  double LogDensityOf(const GammaDistribution& other) const {
    return other.shape * std::log(other.rate) - std::lgamma(other.shape) + (other.shape - 1.0) * MeanLog() -
           other.rate * Mean();
  }
};

class Noise : public testing::Test {
 protected:
  /// The squared errors of users some of whom are ten times as noisy; the last has no ratings.
  std::vector<double> Errors(double scale) const {
    std::vector<double> errors;
    for (Index user = 0; user < ratings_->UserCount(); ++user) {
      errors.push_back(scale * static_cast<double>(ratings_->ByUser().Count(user)) * (user % 3 == 0 ? 1.0 : 0.1));
    }
    return errors;
  }
  GammaDistribution PosteriorOf(Index user, double error, const GammaDistribution& prior) const {
    return {prior.shape + 0.5 * static_cast<double>(ratings_->ByUser().Count(user)), prior.rate + 0.5 * error};
  }
  GammaDistribution Learned() {
    std::vector<std::span<float>> state;
    noise_.AddTo(state);
    return {state[0][0], state[0][1]};
  }

  const test::SharedRatings ratings_ = test::Freeze(test::RandomColumns(30, 20, 0.5, 6), 30, 20);
  const GammaDistribution first_{5.0, 5.0 / 1.3};
  UserNoise noise_{ratings_->ByUser(), 1.3F};
};

TEST_F(Noise, PrecisionsAreThePosteriorMeans) {
  EXPECT_FLOAT_EQ(noise_.CommonPrecision(), 1.3F);
  const std::vector<double> errors = Errors(1.0);
  noise_.Learn(errors);
  for (Index user = 0; user < 30; ++user) {
    EXPECT_NEAR(noise_.Precision(user), PosteriorOf(user, errors[user], first_).Mean(), 1e-5);
  }
}

TEST_F(Noise, LearnedGammaIsTheMostLikelyOne) {
  const std::vector<double> errors = Errors(1.0);
  noise_.Learn(errors);
  const auto fit = [&](const GammaDistribution& gamma) {
    double sum = 0.0;
    for (Index user = 0; user < 29; ++user) sum += PosteriorOf(user, errors[user], first_).LogDensityOf(gamma);
    return sum;
  };
  const GammaDistribution learned = Learned();
  double mean = 0.0;
  for (Index user = 0; user < 29; ++user) mean += PosteriorOf(user, errors[user], first_).Mean() / 29;
  EXPECT_NEAR(noise_.CommonPrecision(), mean, 1e-4);
  // β = α / mean fits best for each α: brute force over α.
  double best = 0.0;
  double most = -test::kEndless;
  for (double shape = 0.5; shape < 50.0; shape *= 1.001) {
    const double likelihood = fit({shape, shape / mean});
    if (likelihood > most) {
      most = likelihood;
      best = shape;
    }
  }
  ASSERT_GT(best, 1.0);
  ASSERT_LT(best, 40.0);
  EXPECT_NEAR(learned.shape, best, 2e-3 * best);
  EXPECT_GE(fit(learned), most - 1e-4);
}

TEST_F(Noise, OfOneUserIsThatOfTheErrors) {
  const auto one = test::Freeze({.users = {0}, .items = {0}, .values = {1.0F}}, 1, 1);
  UserNoise noise(one->ByUser(), 1.3F);
  for (int round = 0; round < 10'000; ++round) noise.Learn(std::vector<double>{0.5});
  EXPECT_TRUE(std::isfinite(noise.Precision(0)));
  EXPECT_GT(noise.Precision(0), 0.0F);
  EXPECT_NEAR(noise.Precision(0), 2.0, 0.02) << "t = c / E where the prior fits the one user alone";
}

TEST_F(Noise, FreeEnergyIsTheExplicitSum) {
  const std::vector<double> before = Errors(1.0);
  noise_.Learn(before);
  const std::vector<double> after = Errors(0.8);
  const GammaDistribution prior = Learned();
  double expected = 0.0;
  for (Index user = 0; user < 29; ++user) {
    const GammaDistribution posterior = PosteriorOf(user, before[user], first_);
    const auto count = static_cast<double>(ratings_->ByUser().Count(user));
    // −E log p(ratings), and KL(q(t) ‖ p(t))
    expected +=
        0.5 * (posterior.Mean() * after[user] - count * (posterior.MeanLog() - std::log(2.0 * std::numbers::pi)));
    expected += posterior.LogDensityOf(posterior) - posterior.LogDensityOf(prior);
  }
  EXPECT_NEAR(noise_.FreeEnergy(after), expected, 1e-5 * std::abs(expected));
}

TEST_F(Noise, LearningLowersTheFreeEnergy) {
  const std::vector<double> errors = Errors(0.4);
  double last = noise_.FreeEnergy(errors);
  for (int round = 0; round < 30; ++round) {
    noise_.Learn(errors);
    const double energy = noise_.FreeEnergy(errors);
    EXPECT_LT(energy, last + 1e-4) << round;
    last = energy;
  }
}

}  // namespace
}  // namespace matfac
