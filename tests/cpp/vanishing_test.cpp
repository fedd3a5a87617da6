#include "solvers/vanishing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "model/solver_traits.h"
#include "solvers/solver.h"
#include "support.h"

namespace matfac {
namespace {

constexpr Index kUsers = 40;
constexpr Index kItems = 30;

TEST(Vanishing, OnlyWhatIsBelowTheBoundBecomesZero) {
  std::vector<float> factors = {1e-17F, -1e-17F, 9e-19F, -9e-19F, 1e-38F, 1e-42F, 0.0F, 3.0F};
  ZeroVanishing(factors);
  EXPECT_EQ(factors, (std::vector<float>{1e-17F, -1e-17F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 3.0F}));
}

class VanishingFactors : public testing::TestWithParam<SolverKind> {
 protected:
  const test::SharedRatings ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 1), kUsers, kItems);
  Options options = DefaultOptions(GetParam());
  SideFeatures none;
  Workers alone{1};

  VanishingFactors() {
    options.model.factors = 6;
    options.model.preference = false;
    options.model.biases = true;
    options.model.initial_scale = 1.0;
    options.training.learning_rate = 1e-3;
  }

  /// After an epoch from random factors multiplied by these.
  Model Trained(float users, float items) {
    Model model = test::StartModel(*ratings, options);
    model.user_factors *= users;
    model.item_factors *= items;
    test::WorkWhole(*MakeSolver(*ratings, options, alone, none), 1, model);
    return model;
  }
};

TEST_P(VanishingFactors, AreZeroAfterAnEpoch) {
  for (const float size : {1e-19F, 1e-30F, 1e-38F}) {
    const Model model = Trained(size, size);
    EXPECT_TRUE(model.user_factors.isZero(0.0F)) << size;
    EXPECT_TRUE(model.item_factors.isZero(0.0F)) << size;
    EXPECT_TRUE(model.item_implicit.size() == 0 || model.item_implicit.isZero(0.0F)) << size;
    EXPECT_TRUE(std::ranges::any_of(model.item_bias, [](float bias) { return bias != 0.0F; })) << size;
  }
}

TEST_P(VanishingFactors, GiveTheModelThatZerosGive) {
  const Model from_zero = Trained(0.0F, 1.0F);
  EXPECT_FALSE(from_zero.user_factors.isZero(1e-6F)) << "the items bring the users' factors back";
  EXPECT_TRUE(test::SameBits(Trained(1e-38F, 1.0F), from_zero));
  EXPECT_TRUE(test::SameBits(Trained(1e-19F, 1.0F), from_zero));
}

INSTANTIATE_TEST_SUITE_P(Solvers, VanishingFactors,
                         testing::Values(SolverKind::kSgd, SolverKind::kGradientDescent, SolverKind::kSvdpp,
                                         SolverKind::kBpr));

}  // namespace
}  // namespace matfac
