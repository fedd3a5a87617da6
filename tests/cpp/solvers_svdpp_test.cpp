#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "fold_in/fold_in.h"
#include "solvers/svdpp.h"
#include "support.h"
#include "training/objective.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using Eigen::MatrixXd;

constexpr Index kUsers = 9;
constexpr Index kItems = 11;
constexpr double kLambda = 0.3;
constexpr double kBiasLambda = 0.2;

/// Koren's model in double precision: the biases, and p, q and y separately.
struct Parameters {
  MatrixXd p;
  MatrixXd q;
  MatrixXd y;
  MatrixXd user_bias;
  MatrixXd item_bias;
  double mean;

  Parameters(const Model& model, const Ratings& ratings)
      : p(model.user_factors.leftCols(model.options.factors).cast<double>()),
        q(model.item_factors.leftCols(model.options.factors).cast<double>()),
        y(model.item_implicit.leftCols(model.options.factors).cast<double>()),
        user_bias(model.UserCount(), 1),
        item_bias(model.ItemCount(), 1),
        mean(model.mean) {
    for (Index user = 0; user < model.UserCount(); ++user) user_bias(user, 0) = model.user_bias[user];
    for (Index item = 0; item < model.ItemCount(); ++item) item_bias(item, 0) = model.item_bias[item];
    for (Index user = 0; user < model.UserCount(); ++user) p.row(user) -= ImplicitPart(ratings, user);
  }

  Eigen::RowVectorXd ImplicitPart(const Ratings& ratings, Index user) const {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(y.cols());
    const RatingsRow row = ratings.ByUser().Row(user);
    for (const Index item : row.others) sum += y.row(item);
    return row.others.empty() ? sum : Eigen::RowVectorXd(sum / std::sqrt(static_cast<double>(row.others.size())));
  }

  double Penalty(const Ratings& ratings) const {
    double sum = 0.0;
    for (Index user = 0; user < ratings.UserCount(); ++user) {
      for (const Index item : ratings.ByUser().Row(user).others) {
        sum += ratings.Deviation() * kLambda *
               (p.row(user).squaredNorm() + q.row(item).squaredNorm() + y.row(item).squaredNorm());
        sum += kBiasLambda * (std::pow(user_bias(user, 0), 2) + std::pow(item_bias(item, 0), 2));
      }
    }
    return 0.5 * sum;
  }

  double Loss(const Ratings& ratings) const {
    double squares = 0.0;
    for (Index user = 0; user < ratings.UserCount(); ++user) {
      const Eigen::RowVectorXd z = p.row(user) + ImplicitPart(ratings, user);
      const RatingsRow row = ratings.ByUser().Row(user);
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        const Index item = row.others[j];
        squares += std::pow(row.values[j] - mean - user_bias(user, 0) - item_bias(item, 0) - z.dot(q.row(item)), 2);
      }
    }
    return 0.5 * squares + Penalty(ratings);
  }

  /// ∂L by central differences, in the shape of `block`, which is a member of this object.
  MatrixXd FiniteDifferences(const Ratings& ratings, MatrixXd& block) {
    constexpr double kStep = 1e-5;
    MatrixXd gradient(block.rows(), block.cols());
    for (Eigen::Index row = 0; row < block.rows(); ++row) {
      for (Eigen::Index column = 0; column < block.cols(); ++column) {
        const double value = block(row, column);
        block(row, column) = value + kStep;
        const double above = Loss(ratings);
        block(row, column) = value - kStep;
        const double below = Loss(ratings);
        block(row, column) = value;
        gradient(row, column) = (above - below) / (2.0 * kStep);
      }
    }
    return gradient;
  }
};

class SvdppOnFewRatings : public testing::Test {
 protected:
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.5, 5);
  const test::SharedRatings ratings = test::Freeze(columns, kUsers, kItems);
  Options options = DefaultOptions(SolverKind::kSvdpp);
  Workers workers{1};

  SvdppOnFewRatings() {
    options.model.factors = 5;
    options.model.initial_scale = 1.0;
    options.model.regularization = kLambda;
    options.model.bias_regularization = kBiasLambda;
  }

  /// A start in which no part of the model is zero.
  Model Start() const {
    Model model = test::StartModel(*ratings, options);
    const std::vector<float> y = test::RandomFloats(static_cast<std::size_t>(kItems) * options.model.factors, 103);
    for (Index item = 0; item < kItems; ++item) {
      for (int f = 0; f < options.model.factors; ++f) {
        model.item_implicit(item, f) = 0.5F * y[static_cast<std::size_t>(item) * options.model.factors + f];
      }
    }
    return model;
  }
};

TEST_F(SvdppOnFewRatings, EpochMovesAlongTheGradientOfKorensObjective) {
  constexpr double kRate = 2e-4;
  constexpr double kBiasRate = 3e-4;
  options.training.learning_rate = kRate;
  options.training.bias_learning_rate = kBiasRate;
  Model model = Start();
  Parameters before(model, *ratings);
  Svdpp solver(*ratings, options, workers);
  test::WorkWhole(solver, 1, model);
  const Parameters after(model, *ratings);
  EXPECT_TRUE(test::PaddingIsZero(model));
  EXPECT_TRUE(model.item_implicit.rightCols(model.Stride() - options.model.factors).isZero(0.0F));

  const auto expect_step = [&](const char* name, MatrixXd& block, const MatrixXd& moved_block, double rate) {
    const MatrixXd gradient = before.FiniteDifferences(*ratings, block);
    const MatrixXd step = (moved_block - block) / -rate;
    ASSERT_GT(gradient.cwiseAbs().maxCoeff(), 0.5) << name;
    // The difference is of the order of η: within an epoch each rating follows the steps of those before it.
    EXPECT_LT((step - gradient).cwiseAbs().maxCoeff(), 0.02 * gradient.cwiseAbs().maxCoeff()) << name;
  };
  const double rate = kRate / ratings->Deviation();
  expect_step("p", before.p, after.p, rate);
  expect_step("q", before.q, after.q, rate);
  expect_step("y", before.y, after.y, rate / 10.0);
  expect_step("user bias", before.user_bias, after.user_bias, kBiasRate);
  expect_step("item bias", before.item_bias, after.item_bias, kBiasRate);
}

TEST_F(SvdppOnFewRatings, ObjectiveHoldsEveryPenalty) {
  const Model model = Start();
  const Parameters parameters(model, *ratings);
  const double penalty = parameters.Penalty(*ratings);
  ASSERT_GT(penalty, 1.0);
  const SideFeatures none;
  ObjectivePass pass(*ratings, none, options.model, workers);
  Budget endless(test::kEndless);
  for (int round = 0; round < 2; ++round) {
    pass.Restart();
    ASSERT_TRUE(pass.Work(model, endless));
    EXPECT_NEAR(pass.Loss(), parameters.Loss(*ratings), 1e-5 * parameters.Loss(*ratings)) << "round " << round;
    EXPECT_NEAR(pass.Penalty(), penalty, 1e-5 * penalty) << "round " << round;
  }
}

TEST_F(SvdppOnFewRatings, WithoutImplicitTermsItStartsAsAPlainModel) {
  const Model model = InitialModel(*ratings, options.model, 1);
  EXPECT_EQ(model.item_implicit.rows(), kItems);
  EXPECT_TRUE(model.item_implicit.isZero(0.0F));
}

TEST_F(SvdppOnFewRatings, UserWithoutRatingsStandsStill) {
  Model model = Start();
  const Model before = model;
  Svdpp solver(*ratings, options, workers);
  for (int epoch = 1; epoch <= 3; ++epoch) test::WorkWhole(solver, epoch, model);
  EXPECT_EQ(model.user_factors.row(kUsers - 1), before.user_factors.row(kUsers - 1));
  EXPECT_EQ(model.item_implicit.row(kItems - 1), before.item_implicit.row(kItems - 1));
}

class SvdppOnGenerated : public testing::Test {
 protected:
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("ml100k"), 1);
  const test::SharedRatings ratings = test::Freeze(generated);
  Options options = DefaultOptions(SolverKind::kSvdpp);

  SvdppOnGenerated() {
    options.model.factors = 12;
    options.training.epochs = 4;
  }

  /// Trains in slices of `seconds`, and returns their number.
  int Train(double seconds, int threads, Model& model) {
    options.training.threads = threads;
    Trainer trainer(ratings, options);
    int slices = 0;
    for (; !trainer.Finished(); ++slices) trainer.Advance(seconds);
    model = trainer.Result();
    return slices;
  }
};

TEST_F(SvdppOnGenerated, SlicesAndThreadsDoNotChangeTheModel) {
  Model whole;
  Model sliced;
  Model threaded;
  EXPECT_EQ(Train(test::kEndless, 1, whole), 4);
  EXPECT_GT(Train(0.0, 1, sliced), 20);
  Train(test::kEndless, 3, threaded);
  for (const Model* other : {&sliced, &threaded}) {
    EXPECT_TRUE(test::SameBits(whole, *other));
    EXPECT_EQ(whole.item_implicit, other->item_implicit);
  }
  EXPECT_FALSE(whole.item_implicit.isZero(1e-3F));
}

TEST_F(SvdppOnGenerated, SeedsDiffer) {
  Model one;
  Model other;
  Train(test::kEndless, 1, one);
  options.training.seed = 2;
  Train(test::kEndless, 1, other);
  EXPECT_FALSE(test::SameBits(one, other));
}

TEST_F(SvdppOnGenerated, FoldInOfAUsersOwnRatingsPredictsAsWellAsTheStoredRow) {
  options.training.epochs = 25;
  Model model;
  Train(test::kEndless, 1, model);
  double stored = 0.0;
  double folded = 0.0;
  for (Index user = 0; user < ratings->UserCount(); ++user) {
    const RatingsRow row = ratings->ByUser().Row(user);
    const Profile profile = FoldIn(model, row.others, row.values);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      stored += std::pow(model.Predict(user, row.others[j]) - row.values[j], 2);
      folded += std::pow(Predict(model, profile, row.others[j]) - row.values[j], 2);
    }
  }
  EXPECT_LT(std::sqrt(folded / static_cast<double>(ratings->Size())),
            1.02 * std::sqrt(stored / static_cast<double>(ratings->Size())));
}

TEST_F(SvdppOnGenerated, ExplanationsSumToTheScore) {
  Model model;
  Train(test::kEndless, 1, model);
  const std::vector<Index> items = {3, 50, 7, 119, 64};
  const std::vector<float> values = {5.0F, 0.5F, 3.0F, 4.5F, 2.0F};
  const Profile profile = FoldIn(model, items, values);
  for (const Index item : {0, 7, 200}) {
    double sum = 0.0;
    for (const float part : Explain(model, items, values, item)) sum += part;
    EXPECT_NEAR(sum, Score(model, profile, item) - model.mean - profile.bias - model.ItemBias(item), 1e-4);
  }
}

TEST(Svdpp, WithoutBiasesAndWithoutRegularizationItLearns) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = DefaultOptions(SolverKind::kSvdpp);
  options.model.preference = false;
  options.model.biases = false;
  options.model.regularization = 0.0;
  options.model.initial_scale = 1.0;
  options.training.epochs = 30;
  Trainer trainer(ratings, options);
  const double first = trainer.Step().loss;
  double last = first;
  while (!trainer.Finished()) last = trainer.Step().loss;
  EXPECT_LT(last, 0.5 * first);
  EXPECT_TRUE(trainer.Result().user_bias.empty());
}

}  // namespace
}  // namespace matfac
