#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "fold_in/fold_in.h"
#include "ranking/recommend.h"
#include "support.h"
#include "training/trainer.h"

// The baselines: popularity and bias.
namespace matfac {
namespace {

constexpr Index kUsers = 20;
constexpr Index kItems = 15;

Model Train(const test::SharedRatings& ratings, const Options& options) {
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

TEST(Popularity, ScoresAnItemByItsRatings) {
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.4, 1);
  const auto ratings = test::Freeze(columns, kUsers, kItems);
  const Model model = Train(ratings, DefaultOptions(SolverKind::kPopularity));
  std::vector<int> counts(kItems);
  for (const Index item : columns.items) ++counts[item];
  for (Index item = 0; item < kItems; ++item) {
    EXPECT_EQ(model.Predict(3, item), counts[item]);
    EXPECT_EQ(model.Predict(kUnknown, item), counts[item]);
  }
  const Ranking ranking = Recommend(model, ProfileOf(model, 0), {.n = kItems}, {});
  for (std::size_t place = 1; place < ranking.indices.size(); ++place) {
    EXPECT_GE(counts[ranking.indices[place - 1]], counts[ranking.indices[place]]);
  }
}

TEST(Popularity, IsTheSameForAVisitor) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 1), kUsers, kItems);
  const Model model = Train(ratings, DefaultOptions(SolverKind::kPopularity));
  const std::vector<Index> items = {2, 5};
  const std::vector<float> values = {1.0F, 5.0F};
  const Profile visitor = FoldIn(model, items, values);
  EXPECT_EQ(Recommend(model, visitor, {.n = 5}, {}).indices,
            Recommend(model, ProfileOf(model, 1), {.n = 5}, {}).indices);
  EXPECT_EQ(Explain(model, items, values, 3), (std::vector<float>{0.0F, 0.0F}));
}

/// All biases at once, by the normal equations of the whole objective.
Eigen::VectorXd DenseBiases(const RatingColumns& columns, double mean, double lambda) {
  const auto count = static_cast<Eigen::Index>(columns.values.size());
  Eigen::MatrixXd design = Eigen::MatrixXd::Zero(count, kUsers + kItems);
  Eigen::VectorXd targets(count);
  for (Eigen::Index j = 0; j < count; ++j) {
    design(j, columns.users[j]) = 1.0;
    design(j, kUsers + columns.items[j]) = 1.0;
    targets(j) = columns.values[j] - mean;
  }
  return test::DenseRidge(design, targets, Eigen::VectorXd::Constant(kUsers + kItems, lambda));
}

TEST(Bias, ConvergesToTheClosedForm) {
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.4, 1);
  const auto ratings = test::Freeze(columns, kUsers, kItems);
  Options options = DefaultOptions(SolverKind::kBias);
  options.model.regularization = 2.0;
  options.training.epochs = 60;
  const Model model = Train(ratings, options);
  const Eigen::VectorXd expected = DenseBiases(columns, ratings->Mean(), 2.0);
  for (Index user = 0; user < kUsers; ++user) EXPECT_NEAR(model.user_bias[user], expected(user), 1e-6);
  for (Index item = 0; item < kItems; ++item) EXPECT_NEAR(model.item_bias[item], expected(kUsers + item), 1e-6);
  EXPECT_NEAR(model.Score(2, 3), ratings->Mean() + expected(2) + expected(kUsers + 3), 1e-6);
  EXPECT_TRUE(model.user_factors.isZero(0.0F));
  EXPECT_TRUE(model.item_factors.isZero(0.0F));
}

TEST(Bias, NeverRaisesItsLossAndIsThereAfterTheDefaultEpochs) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("ml100k"), 1);
  Trainer trainer(test::Freeze(generated), DefaultOptions(SolverKind::kBias));
  double before = test::kEndless;
  double last = 0.0;
  while (!trainer.Finished()) {
    last = trainer.Step().loss;
    EXPECT_LE(last, before * (1.0 + 1e-9));
    // Who rates what depends on tastes, so users and items are entangled: the last step is 3e-5, as on MovieLens 100K.
    if (trainer.Finished()) EXPECT_NEAR(last / before, 1.0, 1e-4);
    before = last;
  }
}

TEST(Bias, SlicedIsTheSame) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Trainer whole(ratings, DefaultOptions(SolverKind::kBias));
  Trainer sliced(ratings, DefaultOptions(SolverKind::kBias));
  whole.Step();
  int slices = 1;
  while (!sliced.Advance(0.0)) ++slices;
  EXPECT_GE(slices, 2);
  EXPECT_TRUE(test::SameBits(whole.Result(), sliced.Result()));
}

TEST(Bias, AVisitorWithAUsersRatingsGetsTheUsersBias) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 1), kUsers, kItems);
  const Model model = Train(ratings, DefaultOptions(SolverKind::kBias));
  for (Index user = 0; user + 1 < kUsers; ++user) {
    const RatingsRow row = ratings->ByUser().Row(user);
    if (row.others.empty()) continue;
    EXPECT_NEAR(FoldIn(model, row.others, row.values).bias, model.user_bias[user], 1e-5);
  }
}

TEST(Baselines, ConsistOfBiasesAlone) {
  for (const SolverKind kind : {SolverKind::kPopularity, SolverKind::kBias}) {
    EXPECT_NO_THROW(Validate(DefaultOptions(kind)));
    EXPECT_EQ(SolverFromName(SolverName(kind)), kind);
    Options options = DefaultOptions(kind);
    options.model.biases = false;
    test::ExpectError<std::invalid_argument>([&] { Validate(options); },
                                             {"biases must be true with the solver", "; it is false"});
    options = DefaultOptions(kind);
    options.model.factors = 8;
    test::ExpectError<std::invalid_argument>([&] { Validate(options); },
                                             {"factors must be 1 with the solver", "; it is 8"});
  }
}

}  // namespace
}  // namespace matfac
