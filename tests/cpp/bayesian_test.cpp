#include "solvers/bayesian/bayesian.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "base/kernels.h"
#include "fold_in/uncertainty.h"
#include "ranking/metrics.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

Options SmallOptions(ImplicitTerms terms, bool biases) {
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.model.factors = 5;
  options.model.samples = 6;
  options.model.biases = biases;
  options.model.implicit_terms = terms;
  options.training.epochs = 20;
  return options;
}

Model Trained(const test::SharedRatings& ratings, const Options& options) {
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

bool SamePosterior(const Posterior& a, const Posterior& b) {
  if (a.samples.size() != b.samples.size()) return false;
  for (std::size_t s = 0; s < a.samples.size(); ++s) {
    const PosteriorSample& x = a.samples[s];
    const PosteriorSample& y = b.samples[s];
    if (x.level != y.level || x.noise_precision != y.noise_precision || x.user_mean != y.user_mean ||
        x.user_precision != y.user_precision || x.item_mean != y.item_mean ||
        x.user_bias_precision != y.user_bias_precision) {
      return false;
    }
  }
  return a.user_bias == b.user_bias && a.item_bias == b.item_bias && a.item_implicit_bias == b.item_implicit_bias &&
         a.user_noise == b.user_noise;
}

void ExpectSameBits(const Model& a, const Model& b) {
  EXPECT_TRUE(test::SameBits(a, b));
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_TRUE(a.item_implicit == b.item_implicit);
  EXPECT_TRUE(SamePosterior(a.posterior, b.posterior));
}

class BayesianModels : public testing::TestWithParam<std::tuple<ImplicitTerms, bool>> {
 protected:
  const ImplicitTerms terms = std::get<0>(GetParam());
  const bool biases = std::get<1>(GetParam());
  const Options options = SmallOptions(terms, biases);
  const test::SharedRatings ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));

  /// The sum of the squared residuals, independently: Σ (r − r̂)² with r̂ of one sample.
  double SquaredErrorsIn(const Model& model, int sample) const {
    const int stride = StrideOf(model.options.factors);
    double sum = 0.0;
    for (Index user = 0; user < ratings->UserCount(); ++user) {
      const RatingsRow row = ratings->ByUser().Row(user);
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        const Index item = row.others[j];
        double score = model.posterior.samples[sample].level;
        for (int f = 0; f < stride; ++f) {
          score += static_cast<double>(model.posterior.samples.size()) *
                   RowOf(model.user_factors, user)[sample * stride + f] *
                   RowOf(model.item_factors, item)[sample * stride + f];
        }
        if (biases) score += model.posterior.user_bias(user, sample) + model.posterior.item_bias(item, sample);
        sum += (row.values[j] - score) * (row.values[j] - score);
      }
    }
    return sum;
  }
};

TEST_P(BayesianModels, DoNotDependOnSlices) {
  Trainer sliced(ratings, options);
  while (!sliced.Finished()) sliced.Advance(0.0);
  ExpectSameBits(sliced.Result(), Trained(ratings, options));
}

TEST_P(BayesianModels, DoNotDependOnThreads) {
  Options threaded = options;
  threaded.training.threads = 3;
  ExpectSameBits(Trained(ratings, threaded), Trained(ratings, options));
}

TEST_P(BayesianModels, DependOnTheSeed) {
  Options other = options;
  other.training.seed = 2;
  EXPECT_FALSE(test::SameBits(Trained(ratings, other), Trained(ratings, options)));
}

TEST_P(BayesianModels, ReportTheLossOfTheCurrentSweep) {
  Workers workers(1);
  Bayesian solver(*ratings, options, workers, {});
  Model model = InitialModel(*ratings, options.model, 1);
  for (int epoch = 1; epoch <= options.training.epochs; ++epoch) {
    test::WorkWhole(solver, epoch, model);
    const int slot = SampleSchedule(options.training.epochs, options.model.samples).SlotOf(epoch);
    if (slot == SampleSchedule::kNotKept) continue;
    ASSERT_EQ(model.posterior.samples.size(), static_cast<std::size_t>(slot) + 1);
    const double expected = 0.5 * SquaredErrorsIn(model, slot);
    EXPECT_NEAR(solver.Measure()->loss, expected, 1e-4 * expected) << "epoch " << epoch;
    EXPECT_LT(solver.Measure()->train_rmse, 1.01 * std::sqrt(2.0 * expected / static_cast<double>(ratings->Size())));
  }
}

TEST_P(BayesianModels, PredictTheMeanOfTheirSamples) {
  const Model model = Trained(ratings, options);
  const int stride = StrideOf(options.model.factors);
  const auto samples = static_cast<int>(model.posterior.samples.size());
  ASSERT_EQ(samples, options.model.samples);
  for (Index user = 0; user < 5; ++user) {
    double mean = 0.0;
    for (int s = 0; s < samples; ++s) {
      double score = model.posterior.samples[s].level;
      score += samples * kernels::Dot(RowOf(model.user_factors, user) + s * stride,
                                      RowOf(model.item_factors, 7) + s * stride, stride);
      if (biases) score += model.posterior.user_bias(user, s) + model.posterior.item_bias(7, s);
      mean += score / samples;
    }
    EXPECT_NEAR(model.Score(user, 7), mean, 1e-4);
  }
}

TEST_P(BayesianModels, KeepThePaddingZero) {
  const Model model = Trained(ratings, options);
  const int stride = StrideOf(options.model.factors);
  for (const FactorMatrix* matrix : {&model.user_factors, &model.item_factors, &model.item_implicit}) {
    for (Index row = 0; row < matrix->rows(); ++row) {
      for (int s = 0; s < options.model.samples; ++s) {
        for (int f = options.model.factors; f < stride; ++f) ASSERT_EQ((*matrix)(row, s * stride + f), 0.0F);
      }
    }
  }
  EXPECT_EQ(model.item_implicit.rows(), terms == ImplicitTerms::kNone ? 0 : ratings->ItemCount());
}

INSTANTIATE_TEST_SUITE_P(TermsAndBiases, BayesianModels,
                         testing::Combine(testing::Values(ImplicitTerms::kNone, ImplicitTerms::kUser,
                                                          ImplicitTerms::kBoth),
                                          testing::Bool()));

TEST(Bayesian, CutShortShowsTheCurrentSweepOrTheSamplesSoFar) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Trainer trainer(ratings, SmallOptions(ImplicitTerms::kBoth, true));
  EXPECT_THROW(Uncertainty(trainer.Result(), 0, 0), std::logic_error) << "before the first epoch";
  for (int epoch = 1; epoch <= 4; ++epoch) {
    trainer.Step();
    EXPECT_EQ(trainer.Result().posterior.samples.size(), 1U) << "burn-in, epoch " << epoch;
  }
  while (trainer.EpochsDone() < 12) trainer.Step();
  EXPECT_EQ(trainer.Result().posterior.samples.size(), 3U) << "8 of 16 sweeps, 6 of which are kept";
  trainer.Advance(0.0);
  EXPECT_EQ(trainer.Result().posterior.samples.size(), 3U) << "within an epoch";
}

TEST(Bayesian, OfRatingsOnAnotherScaleIsAsGood) {
  RatingColumns columns = Generate(GeneratorSizeFromName("tiny"), 1).columns;
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 1);
  const auto error = [&](float scale) {
    RatingColumns scaled = generated.columns;
    for (float& value : scaled.values) value *= scale;
    const SplitRatings parts = Split(scaled.View(), 0.2, 3);
    Options options = SmallOptions(ImplicitTerms::kUser, true);
    options.training.epochs = 200;
    options.model.samples = 64;
    const Model model = Trained(test::Freeze(parts.train, generated.user_count, generated.item_count), options);
    return Evaluate(model, parts.test.View()).rmse / scale;
  };
  const double expected = error(1.0F);
  EXPECT_NEAR(error(1e-4F), expected, 0.03 * expected);
  EXPECT_NEAR(error(1e4F), expected, 0.03 * expected);
}

TEST(Bayesian, SurvivesRatingsWithoutNoiseInTooFewNumbers) {
  for (const float scale : {1e-6F, 1.0F, 1e6F}) {
    const std::vector<float> p = test::RandomFloats(60, 1);
    const std::vector<float> q = test::RandomFloats(40, 2);
    RatingColumns columns;
    for (Index user = 0; user < 60; ++user) {
      for (Index item = user % 13; item < 40; item += 13) {
        columns.users.push_back(user);
        columns.items.push_back(item);
        columns.values.push_back(scale * p[user] * q[item]);
      }
    }
    Options options = SmallOptions(ImplicitTerms::kBoth, true);
    options.model.factors = 16;
    options.training.epochs = 100;
    EXPECT_TRUE(test::IsFinite(Trained(test::Freeze(columns, 60, 40), options))) << scale;
  }
}

TEST(Bayesian, OfRatingsThatAreAllTheSamePredictsThem) {
  RatingColumns columns;
  for (Index user = 0; user < 10; ++user) {
    for (Index item = 0; item < 10; ++item) {
      if ((user + item) % 3 == 0) continue;
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(3.0F);
    }
  }
  const Model model = Trained(test::Freeze(columns, 10, 10), SmallOptions(ImplicitTerms::kNone, true));
  EXPECT_NEAR(model.Score(0, 0), 3.0, 0.3);
}

TEST(Bayesian, GivesUnknownUsersAndItemsThePriorsMean) {
  // The last user and the last item have no ratings: only the prior is known of them.
  const auto ratings = test::Freeze(test::RandomColumns(40, 30, 0.5, 4), 40, 30);
  Options options = SmallOptions(ImplicitTerms::kNone, true);
  options.training.epochs = 2500;
  options.model.samples = 1024;
  const Model model = Trained(ratings, options);
  EXPECT_NEAR(model.UserBias(39), 0.0, 0.1);
  EXPECT_NEAR(model.Score(39, 3), model.Predict(kUnknown, 3), 0.15);
  EXPECT_NEAR(model.Score(3, 29), model.Predict(3, kUnknown), 0.15);
}

TEST(SampleSchedule, KeepsAsManyAsAskedForAfterBurnInEvenlySpread) {
  for (const auto& [epochs, samples] : std::vector<std::pair<int, int>>{{300, 64}, {10, 64}, {1, 1}, {20, 6}, {7, 3}}) {
    const SampleSchedule schedule(epochs, samples);
    const int burn_in = epochs / 5;
    int next = 0;
    int last = burn_in;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      const int slot = schedule.SlotOf(epoch);
      if (epoch <= burn_in) {
        EXPECT_EQ(slot, 0);
        continue;
      }
      if (slot == SampleSchedule::kNotKept) continue;
      EXPECT_EQ(slot, next++);
      EXPECT_LE(epoch - last, (epochs - burn_in + samples - 1) / samples + 1);
      last = epoch;
    }
    EXPECT_EQ(next, std::min(samples, epochs - burn_in));
    EXPECT_EQ(last, epochs) << "the last sweep is kept";
  }
}

TEST(BayesianOptions, SeveralSamplesNeedBayesian) {
  Options options = DefaultOptions(SolverKind::kAls);
  options.model.preference = false;
  options.model.samples = 2;
  test::ExpectError<std::invalid_argument>([&] { Validate(options); }, {"samples", "2", "bayesian", "als"});
}

}  // namespace
}  // namespace matfac
