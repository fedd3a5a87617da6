#include "fold_in/rule.h"

#include <stdexcept>
#include <string>

#include "base/errors.h"
#include "fold_in/bayesian_rule.h"
#include "fold_in/implicit_rule.h"
#include "fold_in/non_negative_rule.h"
#include "fold_in/pairwise_rule.h"
#include "fold_in/popularity_rule.h"
#include "fold_in/ridge_rule.h"

namespace matfac {

std::vector<float> FoldInRule::Uncertainty(std::span<const Index> /*items*/, std::span<const float> /*values*/,
                                           std::span<const Index> /*asked*/) const {
  throw std::logic_error("a fold-in without a posterior has no uncertainty");
}

std::unique_ptr<FoldInRule> MakeFoldInRule(const Model& model) {
  switch (model.options.solver) {
    case SolverKind::kAls:
    case SolverKind::kSgd:
    case SolverKind::kGradientDescent:
    case SolverKind::kSvdpp:
    case SolverKind::kBias:
      return std::make_unique<RidgeRule>(model);
    case SolverKind::kImplicitAls:
      return std::make_unique<ImplicitRule>(model);
    case SolverKind::kBpr:
      return std::make_unique<PairwiseRule>(model);
    case SolverKind::kBayesian:
      if (model.posterior.samples.empty()) {
        throw UnsupportedError("this model cannot fold a visitor in: it was not trained yet, or keeps no samples");
      }
      return std::make_unique<BayesianRule>(model);
    case SolverKind::kNmf:
      return std::make_unique<NonNegativeRule>(model);
    case SolverKind::kPopularity:
      return std::make_unique<PopularityRule>(model);
    default:
      throw std::logic_error("no fold-in for " + std::string(SolverName(model.options.solver)));
  }
}

}  // namespace matfac
