#include "training/warm_start.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "data/generator.h"
#include "ranking/metrics.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

std::vector<Index> UpTo(Index count) {
  std::vector<Index> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

Options SmallOptions(SolverKind solver, int epochs) {
  Options options = DefaultOptions(solver);
  options.model.preference = false;
  options.model.factors = 6;
  options.training.epochs = epochs;
  if (HasLearningRate(solver) && solver != SolverKind::kGradientDescent) options.training.learning_rate = 0.01;
  options.training.learning_rate_decay = HasLearningRate(solver) ? 0.9 : 1.0;
  if (solver == SolverKind::kBayesian) options.model.samples = 4;
  return options;
}

Model Trained(const test::SharedRatings& ratings, const Options& options, const std::optional<WarmStart>& start = {}) {
  Trainer trainer(ratings, options, {}, start);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

WarmStart StartOf(const Model& model, int epochs_done) {
  return {
      .model = model, .users = UpTo(model.UserCount()), .items = UpTo(model.ItemCount()), .epochs_done = epochs_done};
}

struct Variant {
  std::string name;
  SolverKind solver;
  void (*set)(Options& options) = [](Options&) {};
};

class Resumed : public testing::TestWithParam<Variant> {
 protected:
  Options With(int epochs) const {
    Options options = SmallOptions(GetParam().solver, epochs);
    GetParam().set(options);
    return options;
  }

  test::SharedRatings ratings_ = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
};

TEST_P(Resumed, IsTheModelOfOneLongTrainingBitForBit) {
  // A training that was cancelled after three of its epochs.
  Trainer cut(ratings_, With(5));
  for (int epoch = 0; epoch < 3; ++epoch) cut.Step();
  const Model whole = Trained(ratings_, With(5));
  Trainer rest(ratings_, With(2), {}, StartOf(cut.Result(), 3));
  EXPECT_EQ(rest.Step().epoch, 4);
  const EpochReport last = rest.Step();
  EXPECT_EQ(last.epoch, 5);
  EXPECT_EQ(last.epochs, 5);
  EXPECT_TRUE(rest.Finished());
  EXPECT_TRUE(test::SameBits(rest.Result(), whole));
  EXPECT_FALSE(test::SameBits(cut.Result(), whole));
}

// Cancelled in the burn-in, in the samples, and again after continuing from there.
TEST_P(Resumed, SeveralTimesIsTheModelOfOneLongTrainingToo) {
  const Model whole = Trained(ratings_, With(9));
  std::optional<WarmStart> start;
  for (const int end : {1, 4, 6}) {
    const int done = start ? start->epochs_done : 0;
    Trainer part(ratings_, With(9 - done), {}, start);
    for (int epoch = done; epoch < end; ++epoch) part.Step();
    start = StartOf(part.Result(), end);
  }
  EXPECT_TRUE(test::SameBits(Trained(ratings_, With(3), start), whole));
}

// The samples of a complete Bayesian training are spread over its own epochs; the chain continues nevertheless.
TEST_P(Resumed, GoesOnFromAFinishedTrainingLikeOneLongTraining) {
  Trainer whole(ratings_, With(5));
  for (int epoch = 0; epoch < 3; ++epoch) whole.Step();
  Trainer rest(ratings_, With(2), {}, StartOf(Trained(ratings_, With(3)), 3));
  for (int epoch = 0; epoch < 2; ++epoch) EXPECT_EQ(rest.Step().loss, whole.Step().loss);
  Model rested = rest.Result();
  if (rested.options.samples > 1) return;
  // A chain's state says how many epochs its samples are spread over.
  if (rested.options.solver == SolverKind::kBayesian)
    std::copy_n(whole.Result().state.begin(), 2, rested.state.begin());
  EXPECT_TRUE(test::SameBits(rested, whole.Result()));
}

TEST_P(Resumed, GoesOnWithoutAStateOfAnotherLength) {
  Trainer cut(ratings_, With(5));
  for (int epoch = 0; epoch < 3; ++epoch) cut.Step();
  WarmStart start = StartOf(cut.Result(), 3);
  for (const std::size_t length : {std::size_t{1}, start.model.state.size() + 1}) {
    start.model.state.resize(length, 5.0F);
    const Model model = Trained(ratings_, With(2), start);
    EXPECT_TRUE(test::IsFinite(model));
  }
}

TEST_P(Resumed, WithOneUserMoreGoesOnWithoutTheState) {
  const Model known = Trained(ratings_, With(3));
  WarmStart start = StartOf(known, 3);
  start.users.back() = kUnknown;
  start.model.scale = 7.0;  // options count on the ratings of the new training
  const Model first = StartingModel(*ratings_, With(2), start);
  EXPECT_TRUE(first.state.empty());
  EXPECT_EQ(first.scale, IsImplicit(GetParam().solver) ? 1.0 : ratings_->Deviation());
  const Model model = Trained(ratings_, With(2), start);
  EXPECT_TRUE(test::IsFinite(model));
}

constexpr auto kWithPreference = [](Options& options) {
  options.model.preference = true;
  options.model.preference_factors = 6;
};

const std::vector<Variant> kVariants = {
    {"variational", SolverKind::kVariational, kWithPreference},
    {"variationalWithoutPreference", SolverKind::kVariational},
    {"alsWithPreference", SolverKind::kAls, kWithPreference},
    {"sgdWithPreference", SolverKind::kSgd, kWithPreference},
    {"bayesianWithPreference", SolverKind::kBayesian, kWithPreference},
    {"als", SolverKind::kAls},
    {"alsOf32", SolverKind::kAls, [](Options& options) { options.model.factors = 32; }},
    {"alsWithoutBiases", SolverKind::kAls,
     [](Options& options) {
       options.model.factors = 18;
       options.model.biases = false;
     }},
    {"alsByBlocks", SolverKind::kAls, [](Options& options) { options.training.sweep = Sweep::kBlocks; }},
    {"sgd", SolverKind::kSgd},
    {"sgdAdaptive", SolverKind::kSgd, [](Options& options) { options.training.adaptive = true; }},
    {"gradientDescent", SolverKind::kGradientDescent},
    {"svdpp", SolverKind::kSvdpp},
    {"nmf", SolverKind::kNmf},
    {"bayesian", SolverKind::kBayesian},
    {"bayesianOfOneSample", SolverKind::kBayesian, [](Options& options) { options.model.samples = 1; }},
    {"bayesianWithoutBiases", SolverKind::kBayesian, [](Options& options) { options.model.biases = false; }},
    {"bayesianUser", SolverKind::kBayesian,
     [](Options& options) { options.model.implicit_terms = ImplicitTerms::kUser; }},
    {"bayesianBoth", SolverKind::kBayesian,
     [](Options& options) { options.model.implicit_terms = ImplicitTerms::kBoth; }},
    {"implicitAls", SolverKind::kImplicitAls},
    {"implicitAlsOf32", SolverKind::kImplicitAls, [](Options& options) { options.model.factors = 32; }},
    {"implicitAlsByBlocks", SolverKind::kImplicitAls,
     [](Options& options) { options.training.sweep = Sweep::kBlocks; }},
    {"bpr", SolverKind::kBpr},
    {"bias", SolverKind::kBias, [](Options& options) { options.model = DefaultOptions(SolverKind::kBias).model; }},
};

INSTANTIATE_TEST_SUITE_P(Solvers, Resumed, testing::ValuesIn(kVariants),
                         [](const auto& info) { return info.param.name; });

class WarmStarts : public testing::TestWithParam<SolverKind> {
 protected:
  test::SharedRatings ratings_ = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
};

// The users are reversed and one is new: the others keep their vectors, the new one gets that of a new training.
TEST_P(WarmStarts, FindEachRowAgainAndStartNewOnesAfresh) {
  const Options options = SmallOptions(GetParam(), 3);
  const Model known = Trained(ratings_, options);
  WarmStart start = StartOf(known, 3);
  std::ranges::reverse(start.users);
  start.users[0] = kUnknown;
  const Model begun = StartingModel(*ratings_, options, start);
  const Model fresh = InitialModel(*ratings_, options.model, options.training.seed);
  const Index last = known.UserCount() - 1;
  const int stride = StrideOf(options.model.factors);
  const int shown =
      known.posterior.samples.empty() ? 0 : (static_cast<int>(known.posterior.samples.size()) - 1) * stride;
  for (int f = 0; f < options.model.factors; ++f) {
    EXPECT_EQ(begun.user_factors(0, f), fresh.user_factors(0, f));
    EXPECT_EQ(begun.user_factors(last, f), known.user_factors(0, shown + f));
    EXPECT_EQ(begun.user_factors(1, f), known.user_factors(last - 1, shown + f));
  }
  EXPECT_EQ(begun.UserBias(0), fresh.UserBias(0));
}

TEST_P(WarmStarts, BeginWhereTheModelLeftOff) {
  const Options options = SmallOptions(GetParam(), 30);
  const Model known = Trained(ratings_, options);
  Trainer first(ratings_, SmallOptions(GetParam(), 1));
  Trainer warm(ratings_, SmallOptions(GetParam(), 1), {}, StartOf(known, 30));
  EXPECT_LT(warm.Step().loss, first.Step().loss);
}

INSTANTIATE_TEST_SUITE_P(Solvers, WarmStarts,
                         testing::Values(SolverKind::kVariational, SolverKind::kAls, SolverKind::kSgd,
                                         SolverKind::kGradientDescent, SolverKind::kSvdpp, SolverKind::kNmf,
                                         SolverKind::kBayesian, SolverKind::kImplicitAls, SolverKind::kBpr),
                         [](const auto& info) {
                           std::string name(SolverName(info.param));
                           std::erase_if(name, [](char c) { return c == '-' || c == '+'; });
                           return name;
                         });

TEST(WarmStart, ThatDoesNotFitIsRefused) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  const Options options = SmallOptions(SolverKind::kAls, 2);
  const WarmStart start = StartOf(Trained(ratings, options), 2);
  const auto expect_refusal = [&](const Options& wanted, const WarmStart& from, const std::string& word) {
    try {
      Trainer trainer(ratings, wanted, {}, from);
      FAIL() << word;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  };
  Options other = options;
  other.model.factors = 7;
  expect_refusal(other, start, "factors must be 6, as in the model of warmStart; it is 7");
  other = options;
  other.model.biases = false;
  expect_refusal(other, start, "biases must be true, as in the model of warmStart; it is false");
  expect_refusal(SmallOptions(SolverKind::kNmf, 2), start,
                 "solver must be 'als', as in the model of warmStart; it is 'nmf'");
  WarmStart wrong = start;
  wrong.users.pop_back();
  expect_refusal(options, wrong, "warmStart.users must be a row for each");
  wrong = start;
  wrong.items[3] = static_cast<Index>(wrong.items.size());
  expect_refusal(options, wrong, "a row of warmStart.items must be below");
  wrong = start;
  wrong.epochs_done = 1'000'000;
  expect_refusal(options, wrong, "epochs must be a whole number from 1 to 1000000; it is 1000002");
}

// Without a posterior, nothing says how many samples the rows hold.
TEST(WarmStart, OfABayesianModelWithoutPosteriorTakesOtherNumbersOfSamples) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = SmallOptions(SolverKind::kBayesian, 2);
  const Model untrained = InitialModel(*ratings, options.model, 1);
  for (const int samples : {1, 3, 9}) {
    options.model.samples = samples;
    const Model model = Trained(ratings, options, StartOf(untrained, 1));
    EXPECT_TRUE(test::IsFinite(model));
    const Model begun = StartingModel(*ratings, options, StartOf(untrained, 1));
    EXPECT_EQ(begun.user_factors(2, 1), untrained.user_factors(2, 1));
    EXPECT_EQ(begun.user_factors.cols(), samples * StrideOf(options.model.factors));
  }
}

}  // namespace
}  // namespace matfac
