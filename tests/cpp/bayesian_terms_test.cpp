#include "solvers/bayesian/bayesian_terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/generator.h"
#include "support.h"

namespace matfac {
namespace {

class ImplicitDraws : public testing::Test {
 protected:
  static Options SmallOptions() {
    Options options = DefaultOptions(SolverKind::kBayesian);
    options.model.factors = 6;
    options.model.implicit_terms = ImplicitTerms::kUser;
    return options;
  }

  test::SharedRatings ratings_ = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options_ = SmallOptions();
  BayesianSide users_{BayesianSide::Kind::kUsers,
                      *ratings_,
                      options_,
                      {},
                      true,
                      {RandomUse::kBayesianUserPrior, RandomUse::kBayesianUsers},
                      1};
  BayesianSide items_{BayesianSide::Kind::kItems,
                      *ratings_,
                      options_,
                      {},
                      false,
                      {RandomUse::kBayesianItemPrior, RandomUse::kBayesianItems},
                      1};
  BayesianTerms implicit_{ratings_->ByUser(),
                          ratings_->ByItem(),
                          options_,
                          {},
                          {RandomUse::kBayesianUserImplicitPrior, RandomUse::kBayesianUserImplicit}};
};

// x = own + Σ_j y_j / √n for each row x, after any number of draws of x and of y.
TEST_F(ImplicitDraws, WhatIsOwnAndWhatIsImplicitMakeTheRow) {
  const Model start = InitialModel(*ratings_, options_.model, 1);
  users_.Start(start.user_factors, start.user_bias);
  items_.Start(start.item_factors, start.item_bias);
  Workers workers(1);
  Budget budget(std::numeric_limits<double>::infinity());
  for (int epoch = 1; epoch <= 3; ++epoch) {
    users_.DrawPrior(epoch);
    ASSERT_TRUE(users_.DrawRows(items_, {.epoch = epoch, .level = ratings_->Mean()}, workers, budget));
    ASSERT_TRUE(implicit_.Draw(epoch, users_, workers, budget));
  }
  const BayesianRows& y = implicit_.Rows();
  double largest_bias = 0.0;
  for (Index user = 0; user < ratings_->UserCount(); ++user) {
    const RatingsRow rated = ratings_->ByUser().Row(user);
    const double share = 1.0 / std::sqrt(static_cast<double>(rated.others.size()));
    for (int f = 0; f < options_.model.factors; ++f) {
      double expected = users_.Own().factors(user, f);
      for (const Index item : rated.others) expected += share * y.factors(item, f);
      EXPECT_NEAR(users_.Rows().factors(user, f), expected, 1e-4);
    }
    double expected = users_.Own().bias[user];
    for (const Index item : rated.others) {
      expected += share * y.bias[item];
      largest_bias = std::max(largest_bias, static_cast<double>(std::abs(y.bias[item])));
    }
    EXPECT_NEAR(users_.Rows().bias[user], expected, 1e-4);
  }
  EXPECT_GT(largest_bias, 0.01) << "there would be nothing to see";
}

}  // namespace
}  // namespace matfac
