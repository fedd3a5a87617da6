#include "model/options.h"

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

#include "base/text.h"

namespace matfac {
namespace {

template <typename Kind>
struct Named {
  Kind kind;
  std::string_view name;
};

constexpr std::array<Named<SolverKind>, 10> kSolvers = {{{SolverKind::kAls, "als"},
                                                         {SolverKind::kSgd, "sgd"},
                                                         {SolverKind::kGradientDescent, "gradient-descent"},
                                                         {SolverKind::kSvdpp, "svd++"},
                                                         {SolverKind::kNmf, "nmf"},
                                                         {SolverKind::kBayesian, "bayesian"},
                                                         {SolverKind::kImplicitAls, "implicit-als"},
                                                         {SolverKind::kBpr, "bpr"},
                                                         {SolverKind::kPopularity, "popularity"},
                                                         {SolverKind::kBias, "bias"}}};

constexpr std::array<Named<ImplicitTerms>, 3> kImplicitTerms = {
    {{ImplicitTerms::kNone, "none"}, {ImplicitTerms::kUser, "user"}, {ImplicitTerms::kBoth, "both"}}};

constexpr std::array<Named<Sweep>, 4> kSweeps = {{{Sweep::kAuto, "auto"},
                                                  {Sweep::kExact, "exact"},
                                                  {Sweep::kConjugateGradient, "conjugate-gradient"},
                                                  {Sweep::kBlocks, "blocks"}}};

template <typename Kind, std::size_t kCount>
std::string_view NameOf(const std::array<Named<Kind>, kCount>& all, Kind kind) {
  for (const auto& named : all) {
    if (named.kind == kind) return named.name;
  }
  throw std::logic_error("a kind without a name");
}

template <typename Kind, std::size_t kCount>
Kind FromName(const std::array<Named<Kind>, kCount>& all, const char* option, std::string_view name) {
  std::string allowed;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (all[i].name == name) return all[i].kind;
    allowed += (i == 0 ? "" : i + 1 == kCount ? " or " : ", ") + std::string(all[i].name);
  }
  throw std::invalid_argument(std::string(option) + " is '" + std::string(name) + "': " + allowed + " is allowed");
}

void Require(bool holds, const char* option, double value, const char* allowed) {
  if (holds) return;
  throw std::invalid_argument(std::string(option) + " is " + Shown(value) + ": " + allowed + " is allowed");
}

void RequirePositive(const char* option, double value) {
  Require(std::isfinite(value) && value > 0.0, option, value, "a finite number above 0");
}

}  // namespace

Options DefaultOptions(SolverKind solver) {
  Options options;
  ModelOptions& model = options.model;
  TrainingOptions& training = options.training;
  switch (solver) {
    case SolverKind::kAls:
      model = {.factors = 16, .regularization = 1.4, .biases = true, .initial_scale = 0.3};
      training = {.epochs = 15};
      break;
    case SolverKind::kSgd:
      // Few factors: without regularization they are what holds back overfitting.
      model = {.factors = 4, .initial_scale = 1.0};
      training = {.epochs = 30, .learning_rate = 0.01};
      break;
    case SolverKind::kGradientDescent:
      model = {.factors = 4, .initial_scale = 1.0};
      training = {.epochs = 300};
      break;
    case SolverKind::kSvdpp:
      model = {
          .factors = 64, .regularization = 0.06, .bias_regularization = 0.02, .biases = true, .initial_scale = 0.1};
      training = {.epochs = 35, .learning_rate = 0.02, .learning_rate_decay = 0.95, .bias_learning_rate = 0.002};
      break;
    case SolverKind::kNmf:
      model = {.factors = 16, .regularization = 0.12, .initial_scale = 0.5};
      training = {.epochs = 15};
      break;
    case SolverKind::kBayesian:
      model = {.factors = 8, .biases = true, .initial_scale = 1.0, .samples = 64};
      training = {.epochs = 300};
      break;
    case SolverKind::kImplicitAls:
      model = {.factors = 64, .regularization = 0.007, .initial_scale = 0.1, .confidence = 1.0};
      training = {.epochs = 15};
      break;
    case SolverKind::kBpr:
      model = {.factors = 64, .regularization = 0.01, .biases = true, .initial_scale = 0.1};
      training = {.epochs = 60, .learning_rate = 0.2, .learning_rate_decay = 0.95};
      break;
    case SolverKind::kPopularity:
      model = {.factors = 1, .biases = true, .initial_scale = 1.0};
      training = {.epochs = 1};
      break;
    case SolverKind::kBias:
      model = {.factors = 1, .regularization = 5.0, .biases = true, .initial_scale = 1.0};
      training = {.epochs = 15};
      break;
  }
  model.solver = solver;
  return options;
}

void Validate(const ModelOptions& model) {
  Require(model.factors >= 1 && model.factors <= 1024, "factors", model.factors, "a whole number from 1 to 1024");
  if (model.solver == SolverKind::kAls || model.solver == SolverKind::kImplicitAls) {
    RequirePositive("regularization", model.regularization);
  }
  Require(std::isfinite(model.regularization) && model.regularization >= 0.0, "regularization", model.regularization,
          "a finite number of 0 or more");
  Require(std::isfinite(model.BiasRegularization()) && model.BiasRegularization() >= 0.0, "biasRegularization",
          model.BiasRegularization(), "a finite number of 0 or more");
  RequirePositive("initialScale", model.initial_scale);
  if (model.solver == SolverKind::kImplicitAls) RequirePositive("confidence", model.confidence);
  Require(model.samples >= 1 && model.samples <= 1024, "samples", model.samples, "a whole number from 1 to 1024");
  if (model.samples != 1 && model.solver != SolverKind::kBayesian) {
    throw std::invalid_argument("samples is " + std::to_string(model.samples) +
                                ": more than one needs the solver 'bayesian'; 1 is allowed with '" +
                                std::string(SolverName(model.solver)) + "'");
  }
  const bool can_have_biases = model.solver != SolverKind::kNmf && model.solver != SolverKind::kImplicitAls;
  if (model.biases && !can_have_biases) {
    throw std::invalid_argument("biases is true: solver '" + std::string(SolverName(model.solver)) +
                                "' has none, so false is allowed");
  }
  if (!HasFactors(model.solver)) {
    const std::string why = ": solver '" + std::string(SolverName(model.solver)) + "' consists of biases alone, so ";
    if (!model.biases) throw std::invalid_argument("biases is false" + why + "true is allowed");
    if (model.factors != 1) {
      throw std::invalid_argument("factors is " + std::to_string(model.factors) + why + "1 is allowed");
    }
  }
  if (model.implicit_terms != ImplicitTerms::kNone && model.solver != SolverKind::kBayesian) {
    throw std::invalid_argument("implicit is '" + std::string(ImplicitTermsName(model.implicit_terms)) +
                                "': it needs the solver 'bayesian'; 'none' is allowed with '" +
                                std::string(SolverName(model.solver)) + "'");
  }
}

void Validate(const Options& options) {
  Validate(options.model);
  const TrainingOptions& training = options.training;
  Require(training.epochs >= 1 && training.epochs <= 1'000'000, "epochs", training.epochs,
          "a whole number from 1 to 1000000");
  Require(training.epochs_done >= 0 && training.epochs_done < training.epochs, "epochsDone", training.epochs_done,
          "a whole number below epochs");
  const bool rate_by_ratings = options.model.solver == SolverKind::kGradientDescent && !training.learning_rate;
  if (HasLearningRate(options.model.solver) && !rate_by_ratings) {
    RequirePositive("learningRate", training.learning_rate.value_or(0.0));
  }
  Require(training.learning_rate_decay > 0.0 && training.learning_rate_decay <= 1.0, "learningRateDecay",
          training.learning_rate_decay, "a number above 0 and at most 1");
  Require(std::isfinite(training.bias_learning_rate) && training.bias_learning_rate >= 0.0, "biasLearningRate",
          training.bias_learning_rate, "a finite number of 0 or more");
  if (training.adaptive && options.model.solver != SolverKind::kSgd) {
    throw std::invalid_argument("adaptive is true: it needs the solver 'sgd'; false is allowed with '" +
                                std::string(SolverName(options.model.solver)) + "'");
  }
  Require(training.threads >= 1 && training.threads <= 64, "threads", training.threads, "a whole number from 1 to 64");
  const bool has_sweeps = options.model.solver == SolverKind::kAls || options.model.solver == SolverKind::kImplicitAls;
  if (training.sweep != Sweep::kAuto && !has_sweeps) {
    throw std::invalid_argument("sweep is '" + std::string(SweepName(training.sweep)) +
                                "': it needs the solver 'als' or 'implicit-als'; 'auto' is allowed with '" +
                                std::string(SolverName(options.model.solver)) + "'");
  }
  Require(training.patience >= 0, "patience", training.patience, "a whole number of 0 or more");
}

bool IsImplicit(SolverKind solver) {
  return solver == SolverKind::kImplicitAls || solver == SolverKind::kBpr || solver == SolverKind::kPopularity;
}

bool HasFactors(SolverKind solver) { return solver != SolverKind::kPopularity && solver != SolverKind::kBias; }

bool HasLearningRate(SolverKind solver) {
  return solver == SolverKind::kSgd || solver == SolverKind::kGradientDescent || solver == SolverKind::kSvdpp ||
         solver == SolverKind::kBpr;
}

std::string_view SolverName(SolverKind solver) { return NameOf(kSolvers, solver); }

SolverKind SolverFromName(std::string_view name) { return FromName(kSolvers, "solver", name); }

std::string_view ImplicitTermsName(ImplicitTerms terms) { return NameOf(kImplicitTerms, terms); }

ImplicitTerms ImplicitTermsFromName(std::string_view name) { return FromName(kImplicitTerms, "implicit", name); }

std::string_view SweepName(Sweep sweep) { return NameOf(kSweeps, sweep); }

Sweep SweepFromName(std::string_view name) { return FromName(kSweeps, "sweep", name); }

}  // namespace matfac
