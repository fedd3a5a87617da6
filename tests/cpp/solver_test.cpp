#include "solvers/solver.h"

#include <gtest/gtest.h>

#include <typeinfo>

#include "solvers/als.h"
#include "solvers/gradient_descent.h"
#include "solvers/sgd.h"
#include "solvers/variational/variational.h"
#include "support.h"
#include "training/data_defaults.h"

namespace matfac {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

TEST(Budget, EndlessIsNeverUsedUp) {
  Budget budget(test::kEndless);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(budget.Spend(100 * kMillion));
}

TEST(Budget, OfNoTimeIsUsedUpAtTheFirstLookAtTheClockAndStaysSo) {
  Budget budget(0.0);
  EXPECT_FALSE(budget.Spend(1)) << "too little work for a look at the clock";
  EXPECT_TRUE(budget.Spend(2 * kMillion));
  EXPECT_TRUE(budget.Spend(1));
}

TEST(Budget, AddsUpSmallWork) {
  Budget budget(0.0);
  int calls = 1;
  while (!budget.Spend(kMillion / 10)) ++calls;
  EXPECT_GE(calls, 10);
  EXPECT_LE(calls, 11);
}

TEST(MakeSolver, GivesTheSolverOfTheOptions) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {1.0F}}, 1, 1);
  const auto makes = [&](SolverKind kind, const std::type_info& type, bool preference = false) {
    Workers workers(1);
    const SideFeatures none;
    Options options = DefaultOptions(kind);
    options.model.preference = preference;
    FillFromData(*ratings, options.model);
    const std::unique_ptr<Solver> solver = MakeSolver(*ratings, options, workers, none);
    const Solver& made = *solver;
    return typeid(made) == type;
  };
  EXPECT_TRUE(makes(SolverKind::kVariational, typeid(Variational)));
  EXPECT_TRUE(makes(SolverKind::kAls, typeid(Als)));
  EXPECT_TRUE(makes(SolverKind::kSgd, typeid(Sgd)));
  EXPECT_TRUE(makes(SolverKind::kGradientDescent, typeid(GradientDescent)));
  EXPECT_FALSE(makes(SolverKind::kAls, typeid(Als), true)) << "the preference layer stands before it";
}

}  // namespace
}  // namespace matfac
