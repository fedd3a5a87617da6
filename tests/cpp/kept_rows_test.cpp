#include "training/kept_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/kernels.h"
#include "data/generator.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "ranking/recommend.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr Index kNewUsers = 3;

struct Variant {
  std::string name;
  SolverKind solver;
  int old_epochs = 5;
  int new_epochs = 3;
  ImplicitTerms implicit_terms = ImplicitTerms::kNone;
  bool biases = true;
};

Options OptionsOf(const Variant& variant, int epochs) {
  Options options = DefaultOptions(variant.solver);
  if (variant.solver != SolverKind::kBias && variant.solver != SolverKind::kPopularity) options.model.factors = 6;
  if (variant.solver == SolverKind::kSgd) options.training.learning_rate = 0.01;
  if (variant.solver == SolverKind::kBayesian) {
    options.model.samples = 4;
    options.model.implicit_terms = variant.implicit_terms;
    options.model.biases = variant.biases;
  }
  options.training.epochs = epochs;
  return options;
}

/// The training of a model, and then of another on the ratings of every other user, of two thirds of the items and of
/// users who are new: in another order, and higher by a half.
class KeptRows : public testing::TestWithParam<Variant> {
 protected:
  void SetUp() override {
    const GeneratedRatings all = Generate(GeneratorSizeFromName("tiny"), 1);
    Trainer first(test::Freeze(all), OptionsOf(GetParam(), GetParam().old_epochs));
    while (!first.Finished()) first.Step();
    old_ = first.Result();
    std::vector<Index> user_of(all.user_count, kUnknown);
    for (Index user = all.user_count - 1; user >= 0; user -= 2) {
      user_of[user] = static_cast<Index>(start_.users.size());
      start_.users.push_back(user);
    }
    std::vector<Index> item_of(all.item_count, kUnknown);
    for (Index item = 0; item < all.item_count; ++item) {
      if (item % 3 == 0) continue;
      item_of[item] = static_cast<Index>(start_.items.size());
      start_.items.push_back(item);
    }
    GeneratedRatings newer;
    for (std::size_t j = 0; j < all.columns.values.size(); ++j) {
      const Index user = user_of[all.columns.users[j]];
      const Index item = item_of[all.columns.items[j]];
      if (user == kUnknown || item == kUnknown) continue;
      newer.columns.users.push_back(user);
      newer.columns.items.push_back(item);
      newer.columns.values.push_back(all.columns.values[j] + 0.5F);
    }
    for (Index user = 0; user < kNewUsers; ++user) {
      newer.columns.users.push_back(static_cast<Index>(start_.users.size()));
      newer.columns.items.push_back(user);
      newer.columns.values.push_back(3.0F);
      start_.users.push_back(kUnknown);
    }
    newer.user_count = static_cast<Index>(start_.users.size());
    newer.item_count = static_cast<Index>(start_.items.size());
    newer_ = test::Freeze(newer);
    start_.model = old_;
    start_.epochs_done = GetParam().old_epochs;
    start_.keep = true;
    Trainer second(newer_, OptionsOf(GetParam(), GetParam().new_epochs), {}, start_);
    while (!second.Finished()) second.Step();
    trained_ = second.Result();
    kept_ = WithKept(trained_, start_);
  }

  /// The rows of the old model that the newer ratings lack.
  static std::vector<Index> Others(const std::vector<Index>& rows, Index count) {
    std::vector<Index> others;
    for (Index row = 0; row < count; ++row) {
      if (std::ranges::find(rows, row) == rows.end()) others.push_back(row);
    }
    return others;
  }

  Model old_;
  Model trained_;
  Model kept_;
  WarmStart start_;
  test::SharedRatings newer_;
};

TEST_P(KeptRows, ScoreAmongThemselvesAsBeforeBitForBit) {
  const std::vector<Index> users = Others(start_.users, old_.UserCount());
  const std::vector<Index> items = Others(start_.items, old_.ItemCount());
  ASSERT_FALSE(users.empty());
  ASSERT_FALSE(items.empty());
  ASSERT_EQ(kept_.UserCount(), trained_.UserCount() + static_cast<Index>(users.size()));
  ASSERT_EQ(kept_.ItemCount(), trained_.ItemCount() + static_cast<Index>(items.size()));
  for (std::size_t u = 0; u < users.size(); ++u) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_EQ(kept_.Score(trained_.UserCount() + static_cast<Index>(u), trained_.ItemCount() + static_cast<Index>(i)),
                old_.Score(users[u], items[i]));
    }
  }
}

TEST_P(KeptRows, AreAWholeModel) {
  EXPECT_TRUE(test::IsFinite(kept_));
  EXPECT_TRUE(kept_.state.empty());
  EXPECT_EQ(kept_.mean, old_.mean);
  EXPECT_EQ(kept_.minimum, std::min(old_.minimum, trained_.minimum));
  EXPECT_EQ(kept_.maximum, std::max(old_.maximum, trained_.maximum));
  const auto size = [](const auto& numbers) { return static_cast<Index>(numbers.size()); };
  if (!trained_.user_bias.empty()) EXPECT_EQ(size(kept_.user_bias), kept_.UserCount());
  if (!trained_.item_bias.empty()) EXPECT_EQ(size(kept_.item_bias), kept_.ItemCount());
  if (trained_.item_implicit.rows() > 0) EXPECT_EQ(kept_.item_implicit.rows(), kept_.ItemCount());
  const Visitors visitors(kept_);
  const Profile visitor = visitors.FoldIn(std::array<Index, 2>{0, kept_.ItemCount() - 1}, std::array{4.0F, 1.0F});
  EXPECT_EQ(Recommend(kept_, visitor, {.n = 5}, {}).indices.size(), 5U);
  if (trained_.HasPreference()) {
    EXPECT_EQ(kept_.taken_items.rows(), kept_.ItemCount());
    EXPECT_EQ(kept_.liked_users.rows(), kept_.UserCount());
    EXPECT_EQ(kept_.liked_items.rows(), kept_.ItemCount());
  }
  if (kept_.posterior.user_noise.empty()) return;
  EXPECT_EQ(kept_.posterior.samples.size(), old_.posterior.samples.size());
  const std::vector<Index> users = Others(start_.users, old_.UserCount());
  const std::vector<Index> items = Others(start_.items, old_.ItemCount());
  EXPECT_EQ(Uncertainty(kept_, trained_.UserCount(), trained_.ItemCount()), Uncertainty(old_, users[0], items[0]));
}

double ScoreIn(const Model& model, int sample, Index user, Index item) {
  const Posterior& posterior = model.posterior;
  const int stride = StrideOf(model.options.factors);
  const double product = kernels::Dot(RowOf(model.user_factors, user) + sample * stride,
                                      RowOf(model.item_factors, item) + sample * stride, stride);
  double score = posterior.samples[sample].level + static_cast<double>(posterior.samples.size()) * product;
  if (model.options.biases) score += posterior.user_bias(user, sample) + posterior.item_bias(item, sample);
  return score;
}

TEST_P(KeptRows, LeaveTheScoresOfTheTrainingAsTheyAre) {
  const auto drawn = static_cast<int>(trained_.posterior.samples.size());
  const auto wanted = static_cast<int>(old_.posterior.samples.size());
  for (Index user = 0; user < trained_.UserCount(); user += 7) {
    for (Index item = 0; item < trained_.ItemCount(); item += 5) {
      double expected = drawn == 0 ? trained_.Score(user, item) : 0.0;
      for (int sample = 0; sample < wanted; ++sample) {
        const int source = drawn > wanted ? sample + drawn - wanted : sample % drawn;
        const double score = ScoreIn(trained_, source, user, item);
        EXPECT_NEAR(ScoreIn(kept_, sample, user, item), score, 1e-4);
        expected += score / wanted;
      }
      EXPECT_NEAR(kept_.Score(user, item), expected, 1e-4);
    }
  }
}

TEST_P(KeptRows, OfBothModelsAreTheirMeanByTheShares) {
  WarmStart start = start_;
  start.user_shares.assign(start.users.size(), 0.0F);
  start.item_shares.assign(start.items.size(), 0.0F);
  start.user_shares[2] = 0.25F;
  start.user_shares.back() = 0.5F;  // of a new user, who has no row to mix in
  start.item_shares[5] = 0.75F;
  const Model mixed = WithKept(trained_, start);
  const auto mean = [](float share, double before, double now) { return share * before + (1.0F - share) * now; };
  const auto expect_row = [](const FactorMatrix& found, Index row, float share, const FactorMatrix& before, Index old,
                             const FactorMatrix& now) {
    const Eigen::RowVectorXf expected = share * before.row(old) + (1.0F - share) * now.row(row);
    EXPECT_LT((found.row(row) - expected).norm(), 1e-5F);
  };
  expect_row(mixed.user_factors, 2, 0.25F, old_.user_factors, start.users[2], kept_.user_factors);
  expect_row(mixed.item_factors, 5, 0.75F, old_.item_factors, start.items[5], kept_.item_factors);
  EXPECT_TRUE(mixed.user_factors.row(3) == kept_.user_factors.row(3));
  const auto last = static_cast<Index>(start.users.size()) - 1;
  EXPECT_TRUE(mixed.user_factors.row(last) == kept_.user_factors.row(last));
  if (!mixed.user_bias.empty()) {
    EXPECT_NEAR(mixed.user_bias[2], mean(0.25F, old_.user_bias[start.users[2]], kept_.user_bias[2]), 1e-5);
  }
  if (GetParam().solver == SolverKind::kPopularity) {
    EXPECT_EQ(mixed.item_bias[5], 4.0F * trained_.item_bias[5]);
  } else if (!mixed.item_bias.empty()) {
    EXPECT_NEAR(mixed.item_bias[5], mean(0.75F, old_.item_bias[start.items[5]], kept_.item_bias[5]), 1e-5);
  }
  if (mixed.posterior.user_bias.rows() > 0) {
    expect_row(mixed.posterior.user_bias, 2, 0.25F, old_.posterior.user_bias, start.users[2],
               kept_.posterior.user_bias);
  }
  EXPECT_TRUE(test::IsFinite(mixed));
}

TEST_P(KeptRows, OfTheSameUsersAndItemsAreTheTrainingItself) {
  WarmStart start = start_;
  start.model = trained_;
  for (Index user = 0; user < trained_.UserCount(); ++user) start.users[user] = user;
  for (Index item = 0; item < trained_.ItemCount(); ++item) start.items[item] = item;
  Trainer more(newer_, OptionsOf(GetParam(), 2), {}, start);
  more.Step();
  EXPECT_TRUE(test::SameBits(WithKept(more.Result(), start), more.Result()));
}

INSTANTIATE_TEST_SUITE_P(
    Solvers, KeptRows,
    testing::Values(Variant{"variational", SolverKind::kVariational}, Variant{"als", SolverKind::kAls},
                    Variant{"sgd", SolverKind::kSgd}, Variant{"gradientDescent", SolverKind::kGradientDescent},
                    Variant{"svdpp", SolverKind::kSvdpp}, Variant{"nmf", SolverKind::kNmf},
                    Variant{"implicitAls", SolverKind::kImplicitAls}, Variant{"bpr", SolverKind::kBpr},
                    Variant{"bias", SolverKind::kBias}, Variant{"popularity", SolverKind::kPopularity, 1, 1},
                    Variant{"bayesian", SolverKind::kBayesian},
                    Variant{"bayesianOfFewerSamples", SolverKind::kBayesian, 5, 2},
                    Variant{"bayesianOfMoreSamples", SolverKind::kBayesian, 3, 6},
                    Variant{"bayesianBoth", SolverKind::kBayesian, 5, 2, ImplicitTerms::kBoth},
                    Variant{"bayesianWithoutBiases", SolverKind::kBayesian, 5, 3, ImplicitTerms::kNone, false}),
    [](const auto& info) { return info.param.name; });

TEST(KeptRow, OfAnotherNumberOfSamplesIsRefused) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = OptionsOf({"", SolverKind::kBayesian}, 2);
  const Model untrained = InitialModel(*ratings, options.model, 1);
  WarmStart start{.model = untrained,
                  .users = std::vector<Index>(ratings->UserCount(), kUnknown),
                  .items = std::vector<Index>(ratings->ItemCount(), kUnknown),
                  .keep = true};
  test::ExpectError<std::invalid_argument>([&] { Trainer(ratings, options, {}, start); },
                                           {"warmStart must be a model with its samples"});
  start.user_shares.assign(3, 0.5F);
  test::ExpectError<std::invalid_argument>([&] { Trainer(ratings, options, {}, start); },
                                           {"warmStart.userShares must have", "it has 3"});
  start.user_shares.clear();
  options.model.samples = 3;
  test::ExpectError<std::invalid_argument>([&] { Trainer(ratings, options, {}, start); },
                                           {"samples must be 4, as in the model of warmStart; it is 3"});
}

}  // namespace
}  // namespace matfac
