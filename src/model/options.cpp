#include "model/options.h"

#include <stdexcept>
#include <string>

#include "base/text.h"
#include "model/option_table.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

/// " (read by 'sgd', 'bpr')", or nothing where that is no help: most solvers read it, or none.
std::string ReadersOf(OptionId option) {
  constexpr int kFew = 3;
  std::string readers;
  int count = 0;
  for (const SolverTraits* const traits : AllSolvers()) {
    if (!traits->reads.Has(option)) continue;
    readers.append(count == 0 ? "" : ", ").append(Quoted(traits->name));
    ++count;
  }
  return count > 0 && count <= kFew ? " (read by " + readers + ")" : "";
}

/// An option that the solver reads has a value in its range.
void CheckRead(const OptionRule& rule, const SolverTraits& traits, std::optional<double> value) {
  const bool can_be_open = !rule.get(Options{.model = traits.model, .training = traits.training});
  if (!value && can_be_open) return;
  OptionRule narrowed = rule;
  if (rule.id == OptionId::kRegularization) narrowed.range.above = traits.needs_regularization;
  if (value && IsAllowed(narrowed, *value)) return;
  ThrowNotAllowed(rule.name, AllowedValues(narrowed), value ? ValueText(rule, *value) : "missing");
}

/// One that it does not read changes nothing: numbers may stand there, switches, choices and counts keep the default.
void CheckUnread(const OptionRule& rule, const SolverTraits& traits, double value) {
  const double kept = rule.get(Options{.model = traits.model, .training = traits.training}).value_or(0.0);
  if (value == kept) return;
  if (rule.kind != OptionKind::kReal) {
    const std::string allowed = ValueText(rule, kept) + " with the solver " + Quoted(traits.name) +
                                ", which does not read it" + ReadersOf(rule.id);
    ThrowNotAllowed(rule.name, allowed, ValueText(rule, value));
  }
  if (!IsAllowed(rule, value)) ThrowNotAllowed(rule.name, AllowedValues(rule), ValueText(rule, value));
}

void Check(const Options& options, bool of_model) {
  const SolverTraits& traits = TraitsOf(options.model.solver);
  for (const OptionRule& rule : OptionTable()) {
    if (rule.of_model != of_model) continue;
    const std::optional<double> value = rule.get(options);
    if (Reads(traits, rule.id)) {
      CheckRead(rule, traits, value);
    } else {
      CheckUnread(rule, traits, value.value_or(0.0));
    }
  }
}

}  // namespace

Options DefaultOptions(SolverKind solver) {
  const SolverTraits& traits = TraitsOf(solver);
  Options options{.model = traits.model, .training = traits.training};
  options.model.solver = solver;
  return options;
}

void Validate(const ModelOptions& model) { Check({.model = model, .training = {}}, true); }

void Validate(const Options& options) {
  Check(options, true);
  Check(options, false);
  const TrainingOptions& training = options.training;
  if (training.epochs_done < 0 || training.epochs_done >= training.epochs) {
    ThrowNotAllowed("epochsDone", "a whole number below epochs, which is " + std::to_string(training.epochs),
                    std::to_string(training.epochs_done));
  }
}

bool IsImplicit(SolverKind solver) { return TraitsOf(solver).feedback == Feedback::kImplicit; }

bool HasFactors(SolverKind solver) { return TraitsOf(solver).has_factors; }

bool HasLearningRate(SolverKind solver) { return TraitsOf(solver).reads.Has(OptionId::kLearningRate); }

std::string_view SolverName(SolverKind solver) { return TraitsOf(solver).name; }

SolverKind SolverFromName(std::string_view name) {
  std::string allowed;
  for (const SolverTraits* const traits : AllSolvers()) {
    if (traits->name == name) return traits->kind;
    allowed.append(allowed.empty() ? "" : ", ").append(Quoted(traits->name));
  }
  ThrowNotAllowed("solver", "one of " + allowed, Quoted(name));
}

}  // namespace matfac
