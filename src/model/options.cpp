#include "model/options.h"

#include <string>

#include "base/errors.h"
#include "model/option_table.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

/// An option that the solver reads has a value in its range.
void CheckRead(const OptionRule& rule, const SolverTraits& traits, std::optional<double> value,
               std::optional<double> kept) {
  if (!value && !kept) return;
  const OptionRule narrowed = RuleFor(rule, traits.kind);
  if (value && IsAllowed(narrowed, *value)) return;
  // Only the learning rate has no number that stands for "left open".
  const std::string_view open = rule.id == OptionId::kLearningRate ? "missing" : "0";
  ThrowNotAllowed(rule.name, AllowedValues(narrowed), value ? ValueText(rule, *value) : std::string(open));
}

/// One that it does not read changes nothing. Model files hold numbers there, of whatever defaults they were written
/// with; switches, choices and counts keep the default, because the shapes of tensors follow from them.
void CheckUnread(const OptionRule& rule, const SolverTraits& traits, double value, double kept) {
  if (value == kept) return;
  if (rule.kind != OptionKind::kReal) {
    ThrowInvalid("{} must be {} with the solver '{}', which does not read it (read by {}); it is {}",
                 {rule.name, ValueText(rule, kept), traits.name,
                  SolverNames([&](const SolverTraits& of) { return Reads(of, rule.id); }), ValueText(rule, value)});
  }
  if (!IsAllowed(rule, value)) ThrowNotAllowed(rule.name, AllowedValues(rule), ValueText(rule, value));
}

/// `defaults` need their model alone, or their training alone.
void Check(const Options& options, const Options& defaults, bool of_model) {
  const SolverTraits& traits = TraitsOf(options.model.solver);
  for (const OptionRule& rule : OptionTable()) {
    if (rule.of_model != of_model) continue;
    const std::optional<double> value = rule.get(options);
    const std::optional<double> kept = rule.get(defaults);
    if (Reads(traits, rule.id)) {
      CheckRead(rule, traits, value, kept);
    } else {
      CheckUnread(rule, traits, value.value_or(0.0), kept.value_or(0.0));
    }
  }
}

}  // namespace

Options DefaultOptions(SolverKind solver) {
  const SolverTraits& traits = TraitsOf(solver);
  Options options{.model = traits.model, .training = DefaultTraining(solver)};
  options.model.solver = solver;
  return options;
}

void Validate(const ModelOptions& model) {
  Check({.model = model, .training = {}}, {.model = TraitsOf(model.solver).model, .training = {}}, true);
  if (model.time == TimeKind::kDays && model.solver == SolverKind::kVariational) {
    ThrowInvalid("time must be 'none', 'mood' or 'all' with the solver 'variational'; it is 'days'");
  }
}

void Validate(const Options& options) {
  Validate(options.model);
  Check(options, DefaultOptions(options.model.solver), false);
  const TrainingOptions& training = options.training;
  if (training.epochs_done < 0 || training.epochs_done >= training.epochs) {
    ThrowInvalid("epochsDone must be a whole number below epochs, which is {}; it is {}",
                 {training.epochs, training.epochs_done});
  }
}

bool IsImplicit(SolverKind solver) { return TraitsOf(solver).feedback == Feedback::kImplicit; }

bool HasFactors(SolverKind solver) { return TraitsOf(solver).has_factors; }

bool HasLearningRate(SolverKind solver) { return TraitsOf(solver).reads.Has(OptionId::kLearningRate); }

std::string_view SolverName(SolverKind solver) { return TraitsOf(solver).name; }

SolverKind SolverFromName(std::string_view name) {
  for (const SolverTraits* const traits : AllSolvers()) {
    if (traits->name == name) return traits->kind;
  }
  ThrowInvalid("solver must be one of {}; it is '{}'", {SolverNames([](const SolverTraits&) { return true; }), name});
}

}  // namespace matfac
