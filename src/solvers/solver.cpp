#include "solvers/solver.h"

#include <stdexcept>
#include <string>

#include "solvers/als.h"
#include "solvers/bayesian.h"
#include "solvers/bias.h"
#include "solvers/bpr.h"
#include "solvers/gradient_descent.h"
#include "solvers/implicit_als.h"
#include "solvers/nmf.h"
#include "solvers/popularity.h"
#include "solvers/sgd.h"
#include "solvers/svdpp.h"

namespace matfac {
namespace {

using Clock = std::chrono::steady_clock;

/// Longer than any training; keeps the end of an endless budget within the clock's range.
constexpr double kLongest = 1e9;

}  // namespace

Budget::Budget(double seconds)
    : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                              std::chrono::duration<double>(seconds < kLongest ? seconds : kLongest))) {}

bool Budget::Spend(std::int64_t multiply_adds) {
  since_clock_ += multiply_adds;
  if (since_clock_ >= kSpan) {
    since_clock_ = 0;
    used_up_ = used_up_ || Clock::now() >= end_;
  }
  return used_up_;
}

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
