#pragma once

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
#include "solvers/variational/variational.h"

namespace matfac {

template <typename... Solvers>
struct SolverList {};

/// Every solver, in the order of SolverKind.
using AllSolverClasses =
    SolverList<Variational, Als, Sgd, GradientDescent, Svdpp, Nmf, Bayesian, ImplicitAls, Bpr, Popularity, Bias>;

}  // namespace matfac
