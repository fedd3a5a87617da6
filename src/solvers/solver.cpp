#include "solvers/solver.h"

#include <stdexcept>
#include <string>

#include "solvers/als.h"
#include "solvers/bayesian/bayesian.h"
#include "solvers/bias.h"
#include "solvers/bpr.h"
#include "solvers/gradient_descent.h"
#include "solvers/implicit_als.h"
#include "solvers/nmf.h"
#include "solvers/popularity.h"
#include "solvers/sgd.h"
#include "solvers/svdpp.h"

namespace matfac {

std::unique_ptr<Solver> MakeSolver(const Ratings& ratings, const Options& options, Workers& workers) {
  switch (options.model.solver) {
    case SolverKind::kAls:
      return std::make_unique<Als>(ratings, options, workers);
    case SolverKind::kSgd:
      return std::make_unique<Sgd>(ratings, options, workers);
    case SolverKind::kGradientDescent:
      return std::make_unique<GradientDescent>(ratings, options);
    case SolverKind::kImplicitAls:
      return std::make_unique<ImplicitAls>(ratings, options, workers);
    case SolverKind::kBpr:
      return std::make_unique<Bpr>(ratings, options);
    case SolverKind::kBayesian:
      return std::make_unique<Bayesian>(ratings, options, workers);
    case SolverKind::kSvdpp:
      return std::make_unique<Svdpp>(ratings, options, workers);
    case SolverKind::kNmf:
      return std::make_unique<Nmf>(ratings, options, workers);
    case SolverKind::kPopularity:
      return std::make_unique<Popularity>(ratings);
    case SolverKind::kBias:
      return std::make_unique<Bias>(ratings, options);
    default:
      throw std::logic_error("no class for " + std::string(SolverName(options.model.solver)));
  }
}

}  // namespace matfac
