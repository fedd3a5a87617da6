#include "model/option_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/errors.h"
#include "base/text.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// 2⁵³, JavaScript's last exact whole number.
constexpr double kLargestSeed = 9007199254740992.0;

constexpr OptionRange kAboveZero = {.least = 0.0, .most = kInfinity, .above = true};
constexpr OptionRange kFromZero = {.least = 0.0, .most = kInfinity};
constexpr OptionRange kShareRange = {.least = 0.0, .most = 1.0};
constexpr OptionRange kSwitchRange = {.least = 0.0, .most = 1.0};

constexpr std::array<std::string_view, 3> kWeightsNames = {"raw", "log", "none"};
constexpr std::array<std::string_view, 3> kImplicitTermsNames = {"none", "user", "both"};
constexpr std::array<std::string_view, 2> kLikelihoodNames = {"gaussian", "ordinal"};
constexpr std::array<std::string_view, 4> kTimeNames = {"none", "mood", "days", "all"};
constexpr std::array<std::string_view, 4> kSweepNames = {"auto", "exact", "conjugate-gradient", "blocks"};

constexpr OptionRange Choices(std::size_t count) { return {.least = 0.0, .most = static_cast<double>(count - 1)}; }

using Id = OptionId;
using Kind = OptionKind;
using Value = std::optional<double>;
using O = Options;

/// 0 stands for a default that the trainer takes from the data.
constexpr Value FromData(double value) { return value == 0.0 ? Value() : value; }

constexpr std::array<OptionRule, 23> kTable = {{
    {Id::kFactors,
     "factors",
     Kind::kWhole,
     true,
     {1.0, 1024.0},
     {},
     [](const O& o) -> Value { return FromData(o.model.factors); },
     [](O& o, double value) { o.model.factors = static_cast<int>(value); }},
    {Id::kEpochs,
     "epochs",
     Kind::kWhole,
     false,
     {1.0, 1e6},
     {},
     [](const O& o) -> Value { return o.training.epochs; },
     [](O& o, double value) { o.training.epochs = static_cast<int>(value); }},
    {Id::kRegularization,
     "regularization",
     Kind::kReal,
     true,
     kFromZero,
     {},
     [](const O& o) -> Value {
       const bool open = TraitsOf(o.model.solver).needs_regularization;
       return open ? FromData(o.model.regularization) : o.model.regularization;
     },
     [](O& o, double value) { o.model.regularization = value; }},
    {Id::kBiasRegularization,
     "biasRegularization",
     Kind::kReal,
     true,
     kFromZero,
     {},
     [](const O& o) -> Value { return o.model.BiasRegularization(); },
     [](O& o, double value) { o.model.bias_regularization = value; }},
    {Id::kLearningRate,
     "learningRate",
     Kind::kReal,
     false,
     kAboveZero,
     {},
     [](const O& o) -> Value { return o.training.learning_rate; },
     [](O& o, double value) { o.training.learning_rate = value; }},
    {Id::kLearningRateDecay,
     "learningRateDecay",
     Kind::kReal,
     false,
     {0.0, 1.0, true},
     {},
     [](const O& o) -> Value { return o.training.learning_rate_decay; },
     [](O& o, double value) { o.training.learning_rate_decay = value; }},
    {Id::kBiasLearningRate,
     "biasLearningRate",
     Kind::kReal,
     false,
     kFromZero,
     {},
     [](const O& o) -> Value { return o.training.bias_learning_rate; },
     [](O& o, double value) { o.training.bias_learning_rate = value; }},
    {Id::kAdaptive,
     "adaptive",
     Kind::kSwitch,
     false,
     kSwitchRange,
     {},
     [](const O& o) -> Value { return o.training.adaptive ? 1.0 : 0.0; },
     [](O& o, double value) { o.training.adaptive = value != 0.0; }},
    {Id::kBiases,
     "biases",
     Kind::kSwitch,
     true,
     kSwitchRange,
     {},
     [](const O& o) -> Value { return o.model.biases ? 1.0 : 0.0; },
     [](O& o, double value) { o.model.biases = value != 0.0; }},
    {Id::kSeed,
     "seed",
     Kind::kWhole,
     false,
     {0.0, kLargestSeed},
     {},
     [](const O& o) -> Value { return static_cast<double>(o.training.seed); },
     [](O& o, double value) { o.training.seed = static_cast<std::uint64_t>(value); }},
    {Id::kInitialScale,
     "initialScale",
     Kind::kReal,
     true,
     kAboveZero,
     {},
     [](const O& o) -> Value { return o.model.initial_scale; },
     [](O& o, double value) { o.model.initial_scale = value; }},
    {Id::kConfidence,
     "confidence",
     Kind::kReal,
     true,
     kAboveZero,
     {},
     [](const O& o) -> Value { return FromData(o.model.confidence); },
     [](O& o, double value) { o.model.confidence = value; }},
    {Id::kWeights, "weights", Kind::kChoice, true, Choices(kWeightsNames.size()), kWeightsNames,
     [](const O& o) -> Value { return static_cast<double>(o.model.weights); },
     [](O& o, double value) { o.model.weights = static_cast<Weights>(value); }},
    {Id::kDiscount,
     "discount",
     Kind::kReal,
     true,
     kShareRange,
     {},
     [](const O& o) -> Value { return o.model.discount; },
     [](O& o, double value) { o.model.discount = value; }},
    {Id::kImplicitTerms, "implicitTerms", Kind::kChoice, true, Choices(kImplicitTermsNames.size()), kImplicitTermsNames,
     [](const O& o) -> Value { return static_cast<double>(o.model.implicit_terms); },
     [](O& o, double value) { o.model.implicit_terms = static_cast<ImplicitTerms>(value); }},
    {Id::kSamples,
     "samples",
     Kind::kWhole,
     true,
     {1.0, 1024.0},
     {},
     [](const O& o) -> Value { return o.model.samples; },
     [](O& o, double value) { o.model.samples = static_cast<int>(value); }},
    {Id::kPreference,
     "preference",
     Kind::kSwitch,
     true,
     kSwitchRange,
     {},
     [](const O& o) -> Value { return o.model.preference ? 1.0 : 0.0; },
     [](O& o, double value) { o.model.preference = value != 0.0; }},
    {Id::kPreferenceFactors,
     "preferenceFactors",
     Kind::kWhole,
     true,
     {1.0, 256.0},
     {},
     [](const O& o) -> Value { return FromData(o.model.preference_factors); },
     [](O& o, double value) { o.model.preference_factors = static_cast<int>(value); }},
    {Id::kTime, "time", Kind::kChoice, true, Choices(kTimeNames.size()), kTimeNames,
     [](const O& o) -> Value { return static_cast<double>(o.model.time); },
     [](O& o, double value) { o.model.time = static_cast<TimeKind>(value); }},
    {Id::kLikelihood, "likelihood", Kind::kChoice, true, Choices(kLikelihoodNames.size()), kLikelihoodNames,
     [](const O& o) -> Value { return static_cast<double>(o.model.likelihood); },
     [](O& o, double value) { o.model.likelihood = static_cast<Likelihood>(value); }},
    {Id::kThreads,
     "threads",
     Kind::kWhole,
     false,
     {1.0, 64.0},
     {},
     [](const O& o) -> Value { return o.training.threads; },
     [](O& o, double value) { o.training.threads = static_cast<int>(value); }},
    {Id::kSweep, "sweep", Kind::kChoice, false, Choices(kSweepNames.size()), kSweepNames,
     [](const O& o) -> Value { return static_cast<double>(o.training.sweep); },
     [](O& o, double value) { o.training.sweep = static_cast<Sweep>(value); }},
    {Id::kPatience,
     "patience",
     Kind::kWhole,
     false,
     {0.0, std::numeric_limits<int>::max()},
     {},
     [](const O& o) -> Value { return o.training.patience; },
     [](O& o, double value) { o.training.patience = static_cast<int>(value); }},
}};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].id) != i) return false;
  }
  return true;
}
static_assert(IsInOrder());

std::string ChoicesText(std::span<const std::string_view> choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const std::string_view before = i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ";
    text += Message("{}'{}'", {before, choices[i]});
  }
  return text;
}

}  // namespace

std::span<const OptionRule> OptionTable() { return kTable; }

const OptionRule* FindOption(std::string_view name) {
  const auto* const found = std::ranges::find(kTable, name, &OptionRule::name);
  return found == kTable.end() ? nullptr : found;
}

std::string AllowedValues(const OptionRule& rule) {
  if (rule.kind == OptionKind::kSwitch) return "true or false";
  if (rule.kind == OptionKind::kChoice) return ChoicesText(rule.choices);
  const auto& [least, most, above] = rule.range;
  const std::string_view number = rule.kind == OptionKind::kWhole ? "a whole number" : "a finite number";
  const std::string from = WholeText(least);
  const std::string to = std::isinf(most) ? "" : WholeText(most);
  if (above) return Message("{} above {}{}{}", {number, from, to.empty() ? "" : " and at most ", to});
  if (to.empty()) return Message("{} of {} or more", {number, from});
  return Message("{} from {} to {}", {number, from, to});
}

OptionRule RuleFor(const OptionRule& rule, SolverKind solver) {
  OptionRule narrowed = rule;
  if (rule.id == OptionId::kRegularization) narrowed.range.above = TraitsOf(solver).needs_regularization;
  return narrowed;
}

bool IsAllowed(const OptionRule& rule, double value) {
  const auto& [least, most, above] = rule.range;
  if (!std::isfinite(value) || value > most || value < least || (above && value == least)) return false;
  return rule.kind == OptionKind::kReal || value == std::floor(value);
}

std::string ValueText(const OptionRule& rule, double value) {
  if (!IsAllowed(rule, value)) return NumberText(value);
  if (rule.kind == OptionKind::kSwitch) return value != 0.0 ? "true" : "false";
  if (rule.kind == OptionKind::kChoice) return Quoted(rule.choices[static_cast<std::size_t>(value)]);
  return NumberText(value);
}

void SetOption(const OptionRule& rule, double value, Options& options) {
  const bool reads = Reads(TraitsOf(options.model.solver), rule.id);
  // An integer or a choice cannot hold every number. 0 stands for an open default, which only the solver's own options
  // must not be.
  const bool fits = rule.kind == OptionKind::kReal || IsAllowed(rule, value) || (value == 0.0 && !reads);
  if (fits) rule.set(options, value);
  if (fits && (rule.get(options) || !reads)) return;
  ThrowNotAllowed(rule.name, AllowedValues(RuleFor(rule, options.model.solver)), ValueText(rule, value));
}

double ChoiceOf(const OptionRule& rule, std::string_view name) {
  const auto found = std::ranges::find(rule.choices, name);
  if (found != rule.choices.end()) return static_cast<double>(found - rule.choices.begin());
  ThrowNotAllowed(rule.name, AllowedValues(rule), Quoted(name));
}

void ThrowNotAllowed(std::string_view name, TextValue allowed, TextValue value) {
  ThrowInvalid("{} must be {}; it is {}", {name, allowed, value});
}

}  // namespace matfac
