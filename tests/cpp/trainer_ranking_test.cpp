#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "ranking/recommend.h"
#include "support.h"
#include "training/trainer.h"

// Validation of solvers of implicit feedback: by the ranking of all items.
namespace matfac {
namespace {

class RankingValidation : public testing::TestWithParam<SolverKind> {
 protected:
  test::SharedRatings train;
  ValidationRatings validation;
  Options options = DefaultOptions(GetParam());

  RankingValidation() {
    const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 1);
    SplitRatings split = Split(generated.columns.View(), 0.3, 1);
    train = test::Freeze(split.train, generated.user_count, generated.item_count);
    validation = {.users = std::move(split.test.users),
                  .items = std::move(split.test.items),
                  .values = std::move(split.test.values)};
    options.model.factors = 16;
    options.model.regularization = 1e-4;
  }

  /// NDCG at 10 of the lists of Recommend, user by user.
  double PlainNdcg(const Model& model) const {
    double sum = 0.0;
    int users = 0;
    for (Index user = 0; user < model.UserCount(); ++user) {
      std::set<Index> relevant;
      for (std::size_t j = 0; j < validation.users.size(); ++j) {
        if (validation.users[j] == user) relevant.insert(validation.items[j]);
      }
      if (relevant.empty()) continue;
      const auto top = Recommend(model, ProfileOf(model, user), {.n = 10}, train->ByUser().Row(user).others).indices;
      double gain = 0.0;
      double ideal = 0.0;
      for (std::size_t at = 0; at < 10; ++at) {
        if (at < relevant.size()) ideal += 1.0 / std::log2(at + 2.0);
        if (at < top.size() && relevant.contains(top[at])) gain += 1.0 / std::log2(at + 2.0);
      }
      sum += gain / ideal;
      ++users;
    }
    return sum / users;
  }
};

TEST_P(RankingValidation, ReportsTheNdcgOfEveryEpoch) {
  options.training.epochs = 5;
  Trainer trainer(train, options, validation);
  while (!trainer.Finished()) {
    const EpochReport report = trainer.Step();
    EXPECT_TRUE(std::isnan(report.validation_rmse));
    EXPECT_GT(report.validation_ndcg, 0.0);
    EXPECT_NEAR(report.validation_ndcg, PlainNdcg(trainer.Result()), 1e-12) << "in epoch " << report.epoch;
  }
}

TEST_P(RankingValidation, PatienceKeepsTheBestEpoch) {
  options.training.epochs = 400;
  options.training.patience = 3;
  Trainer trainer(train, options, validation);
  double best = 0.0;
  int best_epoch = 0;
  while (!trainer.Finished()) {
    const EpochReport report = trainer.Step();
    if (report.validation_ndcg > best) {
      best = report.validation_ndcg;
      best_epoch = report.epoch;
    }
  }
  EXPECT_LT(trainer.EpochsDone(), 400);
  EXPECT_EQ(trainer.EpochsDone(), best_epoch + 3);
  EXPECT_NEAR(PlainNdcg(trainer.Result()), best, 1e-12);
}

TEST_P(RankingValidation, IsTheSameHoweverItIsSlicedAndThreaded) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("ml100k"), 1);
  const SplitRatings split = Split(generated.columns.View(), 0.1, 1);
  const auto ratings = test::Freeze(split.train, generated.user_count, generated.item_count);
  const ValidationRatings held{.users = split.test.users, .items = split.test.items, .values = split.test.values};
  options.training.epochs = 1;
  Trainer whole(ratings, options, held);
  const EpochReport expected = whole.Step();
  for (const int threads : {1, 3}) {
    options.training.threads = threads;
    Trainer sliced(ratings, options, held);
    std::optional<EpochReport> report;
    int slices = 0;
    for (; !report; ++slices) report = sliced.Advance(0.0);
    EXPECT_GE(slices, 3) << "too few slices to test slicing";
    EXPECT_EQ(report->validation_ndcg, expected.validation_ndcg);
    EXPECT_TRUE(test::SameBits(sliced.Result(), whole.Result()));
  }
}

TEST_P(RankingValidation, IsNaNWithoutValidation) {
  Trainer trainer(train, options);
  EXPECT_TRUE(std::isnan(trainer.Step().validation_ndcg));
}

TEST_P(RankingValidation, NeedsAUserThatIsKnown) {
  validation = {.users = {kUnknown}, .items = {0}, .values = {1.0F}};
  test::ExpectError<std::invalid_argument>([&] { Trainer(train, options, validation); },
                                           {"validation must hold a user of the training ratings", "it holds none"});
  options.training.patience = 2;
  test::ExpectError<std::invalid_argument>([&] { Trainer(train, options); },
                                           {"patience must be 0 without validation ratings; it is 2"});
}

INSTANTIATE_TEST_SUITE_P(Solvers, RankingValidation, testing::Values(SolverKind::kImplicitAls, SolverKind::kBpr));

TEST(RatingValidation, HasNoNdcg) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 1);
  Trainer trainer(test::Freeze(generated), DefaultOptions(SolverKind::kAls),
                  {.users = {0}, .items = {0}, .values = {3.0F}});
  const EpochReport report = trainer.Step();
  EXPECT_TRUE(std::isnan(report.validation_ndcg));
  EXPECT_GT(report.validation_rmse, 0.0);
}

}  // namespace
}  // namespace matfac
