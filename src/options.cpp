#include "options.h"

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "text.h"

namespace matfac {
namespace {

constexpr std::array<std::pair<SolverKind, std::string_view>, 3> kSolvers = {
    {{SolverKind::kAls, "als"}, {SolverKind::kSgd, "sgd"}, {SolverKind::kGradientDescent, "gradient-descent"}}};

void Require(bool holds, const char* option, double value, const char* allowed) {
  if (holds) return;
  throw std::invalid_argument(std::string(option) + " is " + Shown(value) + ": " + allowed + " is allowed");
}

}  // namespace

Options DefaultOptions(SolverKind solver) {
  Options options;
  switch (solver) {
    case SolverKind::kAls:
      options.model = {.solver = solver, .factors = 16, .regularization = 1.4, .biases = true, .initial_scale = 0.3};
      options.training.epochs = 15;
      break;
    case SolverKind::kSgd:
      // Few factors: without regularization they are what holds back overfitting.
      options.model = {.solver = solver, .factors = 4, .initial_scale = 1.0};
      options.training.epochs = 30;
      options.training.learning_rate = 0.01;
      break;
    case SolverKind::kGradientDescent:
      options.model = {.solver = solver, .factors = 4, .initial_scale = 1.0};
      options.training.epochs = 300;
      // Stable up to about 100,000 ratings: larger data has steeper slopes and needs a smaller step.
      options.training.learning_rate = 0.0005;
      break;
  }
  return options;
}

void Validate(const Options& options) {
  const ModelOptions& model = options.model;
  const TrainingOptions& training = options.training;
  const bool als = model.solver == SolverKind::kAls;
  Require(model.factors >= 1 && model.factors <= 1024, "factors", model.factors, "a whole number from 1 to 1024");
  Require(std::isfinite(model.regularization) && model.regularization >= 0.0 && (!als || model.regularization > 0.0),
          "regularization", model.regularization,
          als ? "a finite number above 0 (als)" : "a finite number of 0 or more");
  Require(std::isfinite(model.initial_scale) && model.initial_scale > 0.0, "initialScale", model.initial_scale,
          "a finite number above 0");
  Require(training.epochs >= 1 && training.epochs <= 1'000'000, "epochs", training.epochs,
          "a whole number from 1 to 1000000");
  Require(als || (std::isfinite(training.learning_rate) && training.learning_rate > 0.0), "learningRate",
          training.learning_rate, "a finite number above 0");
  Require(training.learning_rate_decay > 0.0 && training.learning_rate_decay <= 1.0, "learningRateDecay",
          training.learning_rate_decay, "a number above 0 and at most 1");
  Require(training.patience >= 0, "patience", training.patience, "a whole number of 0 or more");
}

std::string_view SolverName(SolverKind solver) {
  for (const auto& [kind, name] : kSolvers) {
    if (kind == solver) return name;
  }
  throw std::logic_error("a solver without a name");
}

SolverKind SolverFromName(std::string_view name) {
  for (const auto& [kind, known] : kSolvers) {
    if (known == name) return kind;
  }
  throw std::invalid_argument("solver is '" + std::string(name) + "': als, sgd or gradient-descent is allowed");
}

}  // namespace matfac
