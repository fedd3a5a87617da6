#include "solvers/learning_rate.h"

#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>

#include "data/generator.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

TEST(StableLearningRate, IsHalfOfTheInverseOfTheLargestSingularValue) {
  const RatingColumns columns = test::RandomColumns(30, 40, 0.3, 5);
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(30, 40);
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    dense(columns.users[i], columns.items[i]) = std::abs(columns.values[i]);
  }
  const double value = Eigen::JacobiSVD<Eigen::MatrixXd>(dense).singularValues()(0);
  // Power iteration approaches σ from below; one percent more is still far from 1 / σ.
  EXPECT_NEAR(StableLearningRate(*test::Freeze(columns, 30, 40)), 0.5 / value, 0.01 * 0.5 / value);
}

TEST(StableLearningRate, OfRatingsThatAreAllZeroIsThatOfOnes) {
  const auto ratings = test::Freeze({.users = {0, 0}, .items = {0, 1}, .values = {0.0F, 0.0F}}, 1, 2);
  EXPECT_NEAR(StableLearningRate(*ratings), 0.5 / std::sqrt(2.0), 1e-12);
}

TEST(StableLearningRate, LowersTheLossOfAnySize) {
  for (const char* size : {"tiny", "ml100k"}) {
    Trainer trainer(test::Freeze(Generate(GeneratorSizeFromName(size), 2)),
                    DefaultOptions(SolverKind::kGradientDescent));
    double before = trainer.Step().loss;
    for (int epoch = 2; epoch <= 60; ++epoch) {
      const double loss = trainer.Step().loss;
      EXPECT_LT(loss, before) << size << ", epoch " << epoch;
      before = loss;
    }
    EXPECT_EQ(trainer.Resolved().training.learning_rate,
              StableLearningRate(*test::Freeze(Generate(GeneratorSizeFromName(size), 2))));
  }
}

}  // namespace
}  // namespace matfac
