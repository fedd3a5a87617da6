#include "fold_in/rule.h"

#include <numeric>

#include "base/errors.h"
#include "fold_in/bayesian_rule.h"
#include "fold_in/implicit_rule.h"
#include "fold_in/non_negative_rule.h"
#include "fold_in/pairwise_rule.h"
#include "fold_in/popularity_rule.h"
#include "fold_in/ridge_rule.h"
#include "fold_in/variational_rule.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

[[noreturn]] void ThrowUntrained() {
  ThrowUnsupported("this model cannot fold a visitor in: it is not trained yet, or keeps no posterior");
}

}  // namespace

std::vector<Index> InOrder(std::size_t count) {
  std::vector<Index> order(count);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<LatentValue> FoldInRule::Estimate(std::span<const Index> /*items*/, std::span<const float> /*values*/,
                                              const FeaturesRow& /*features*/, std::span<const Index> /*asked*/) const {
  ThrowInvalid("a fold-in without a posterior has no uncertainty");
}

std::unique_ptr<FoldInRule> MakeFoldInRule(const Model& model) {
  switch (TraitsOf(model.options.solver).fold_in) {
    case FoldInKind::kRidge:
      return std::make_unique<RidgeRule>(model);
    case FoldInKind::kImplicitRidge:
      return std::make_unique<ImplicitRule>(model);
    case FoldInKind::kNonNegativeRidge:
      return std::make_unique<NonNegativeRule>(model);
    case FoldInKind::kPairwise:
      return std::make_unique<PairwiseRule>(model);
    case FoldInKind::kPosterior:
      if (model.posterior.samples.empty()) ThrowUntrained();
      return std::make_unique<BayesianRule>(model);
    case FoldInKind::kVariational:
      if (model.row_priors.empty()) ThrowUntrained();
      return std::make_unique<VariationalRule>(model);
    case FoldInKind::kPopularity:
      return std::make_unique<PopularityRule>(model);
  }
  ThrowInvalid("no fold-in for {}", {SolverName(model.options.solver)});
}

}  // namespace matfac
