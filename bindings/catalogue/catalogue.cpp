/// matfac_catalogue typescript|markdown: what the core knows of its solvers, options, tensors and metrics, as the
/// TypeScript module bindings/js/core/catalogue.ts and the table of docs/guide/options.md. `npm run catalogue` writes
/// both.

#include <cmath>
#include <iostream>
#include <string>
#include <string_view>

#include "base/text.h"
#include "catalogue/option_words.h"
#include "model/option_table.h"
#include "model/solver_traits.h"
#include "model/tensors.h"
#include "ranking/ranking_metrics.h"

namespace matfac::catalogue {
namespace {

constexpr std::string_view kOrigin = "npm run catalogue, from the tables of the C++ core (src/model, src/solvers)";

std::string_view WordsOf(OptionId option) {
  for (const OptionWords& entry : kOptionWords) {
    if (entry.option == option) return entry.words;
  }
  throw std::logic_error("an option without words");
}

std::string FirstSentence(std::string_view words) { return std::string(words.substr(0, words.find(". "))); }

/// A number as JavaScript and a reader write it.
std::string NumberLiteral(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return WholeText(value);
  return value == 9007199254740992.0 ? "2 ** 53" : NumberText(value);
}

/// A value in TypeScript.
std::string Literal(const OptionRule& rule, double value) {
  return rule.kind == OptionKind::kReal || rule.kind == OptionKind::kWhole ? NumberLiteral(value)
                                                                           : ValueText(rule, value);
}

Options DefaultsOf(const SolverTraits& traits) { return DefaultOptions(traits.kind); }

/// What is left open follows from other options or from the ratings.
bool IsLeftOpen(const OptionRule& rule, const SolverTraits& traits) {
  if (rule.id == OptionId::kBiasRegularization) return !traits.model.bias_regularization;
  return !rule.get(DefaultsOf(traits));
}

std::string Key(std::string_view name) {
  const bool plain = name.find_first_of("-+") == std::string_view::npos;
  return plain ? std::string(name) : Quoted(name);
}

template <typename Rows, typename Names>
std::string Joined(const Rows& rows, const Names& name, std::string_view separator) {
  std::string text;
  for (const auto& row : rows) {
    const std::string next = name(row);
    if (next.empty()) continue;
    text.append(text.empty() ? "" : separator).append(next);
  }
  return text;
}

void WriteSolvers(std::ostream& out) {
  out << "/** What a solver is: what it learns from, and whether its model has factors. */\n"
         "export const SOLVERS = {\n";
  for (const SolverTraits* const traits : AllSolvers()) {
    out << "  " << Key(traits->name) << ": { feedback: '"
        << (traits->feedback == Feedback::kImplicit ? "implicit" : "ratings")
        << "', hasFactors: " << (traits->has_factors ? "true" : "false") << " },\n";
  }
  out << "} as const;\n\n"
         "/** The options that each solver reads. */\n"
         "export const SOLVER_OPTIONS = {\n";
  for (const SolverTraits* const traits : AllSolvers()) {
    const auto read = [&](const OptionRule& rule) {
      return Reads(*traits, rule.id) ? Quoted(rule.name) : std::string();
    };
    out << "  " << Key(traits->name) << ": [" << Joined(OptionTable(), read, ", ") << "],\n";
  }
  out << "} as const;\n\n";
}

void WriteDefaults(std::ostream& out) {
  out << "/** The defaults of the options that each solver reads; of others, what follows from the ratings or from "
         "other options. */\n"
         "export const DEFAULTS = {\n";
  for (const SolverTraits* const traits : AllSolvers()) {
    const auto value = [&](const OptionRule& rule) -> std::string {
      if (!Reads(*traits, rule.id) || IsLeftOpen(rule, *traits)) return "";
      return std::string(rule.name) + ": " + Literal(rule, rule.get(DefaultsOf(*traits)).value_or(0.0));
    };
    out << "  " << Key(traits->name) << ": { " << Joined(OptionTable(), value, ", ") << " },\n";
  }
  out << "} as const;\n\n";
}

std::string KindOf(const OptionRule& rule) {
  switch (rule.kind) {
    case OptionKind::kWhole:
      return "kind: 'whole'";
    case OptionKind::kReal:
      return "kind: 'real'";
    case OptionKind::kSwitch:
      return "kind: 'switch'";
    case OptionKind::kChoice:
      break;
  }
  const auto choice = [](std::string_view name) { return Quoted(name); };
  return "kind: 'choice', choices: [" + Joined(rule.choices, choice, ", ") + "]";
}

std::string RangeOf(const OptionRule& rule) {
  if (rule.kind == OptionKind::kSwitch || rule.kind == OptionKind::kChoice) return "";
  const auto& [least, most, above] = rule.range;
  const std::string from = (above ? "above: " : "least: ") + NumberLiteral(least);
  return std::isinf(most) ? from : from + ", most: " + NumberLiteral(most);
}

void WriteOptions(std::ostream& out) {
  out << "/** The kinds of the options. A model is made of those `ofModel`, and trained by the others. */\n"
         "export const OPTIONS = {\n";
  for (const OptionRule& rule : OptionTable()) {
    out << "  " << rule.name << ": { " << KindOf(rule) << ", ofModel: " << (rule.of_model ? "true" : "false")
        << " },\n";
  }
  out << "} as const;\n\n"
         "/** The numbers that an option takes, ends included but for `above`. */\n"
         "export const OPTION_RANGES = {\n";
  for (const OptionRule& rule : OptionTable()) {
    const std::string range = RangeOf(rule);
    if (!range.empty()) out << "  " << rule.name << ": { " << range << " },\n";
  }
  out << "} as const;\n\n"
         "/** What each option does, in one sentence. */\n"
         "export const OPTION_WORDS = {\n";
  for (const OptionRule& rule : OptionTable()) {
    std::string words = FirstSentence(WordsOf(rule.id));
    if (words.ends_with('.')) words.pop_back();
    out << "  " << rule.name << ": \"" << words << "\",\n";
  }
  out << "} as const;\n\n";
}

std::string TypeOf(const OptionRule& rule) {
  if (rule.kind == OptionKind::kSwitch) return "boolean";
  if (rule.kind != OptionKind::kChoice) return "number";
  return Joined(rule.choices, [](std::string_view name) { return Quoted(name); }, " | ");
}

/// Every solver that reads the option, or nothing where all do.
std::string ReadersOf(const OptionRule& rule) {
  if (kCommonOptions.Has(rule.id)) return "";
  const auto name = [&](const SolverTraits* traits) {
    return traits->reads.Has(rule.id) ? std::string(traits->name) : std::string();
  };
  return "Read by " + Joined(AllSolvers(), name, ", ") + ". ";
}

void WriteInterface(std::ostream& out) {
  out << "/** The options of the core; what is left out takes the default of its solver. */\n"
         "export interface SolverOptions {\n";
  for (const OptionRule& rule : OptionTable()) {
    std::string allowed = AllowedValues(rule);
    allowed[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(allowed[0])));
    out << "  /**\n   * " << WordsOf(rule.id) << "\n   *\n   * " << ReadersOf(rule) << allowed << ".\n   */\n  "
        << rule.name << "?: " << TypeOf(rule) << ";\n";
  }
  out << "}\n\n";
}

std::string_view NameOf(TensorRows rows) {
  switch (rows) {
    case TensorRows::kUsers:
      return "users";
    case TensorRows::kItems:
      return "items";
    case TensorRows::kSamplesDrawn:
      return "samplesDrawn";
    case TensorRows::kUserFeatures:
      return "userFeatures";
    case TensorRows::kItemFeatures:
      return "itemFeatures";
    case TensorRows::kAny:
      return "any";
    case TensorRows::kAnyOfUsers:
      return "anyOfUsers";
  }
  return "";
}

std::string_view NameOf(TensorColumns columns) {
  switch (columns) {
    case TensorColumns::kFactors:
      return "factors";
    case TensorColumns::kSamples:
      return "samples";
    case TensorColumns::kPreferenceFactors:
      return "preferenceFactors";
    case TensorColumns::kFactorsAndBias:
      return "factorsAndBias";
    case TensorColumns::kOne:
      return "one";
    case TensorColumns::kPrior:
      return "prior";
  }
  return "";
}

/// Numbers that must not become 0 by rounding, and are few, or are to be the same to the bit.
bool StaysFloat32(const TensorRule& tensor) {
  switch (tensor.presence) {
    case TensorPresence::kPosterior:
    case TensorPresence::kVariational:
    case TensorPresence::kUserNoise:
    case TensorPresence::kDiscount:
    case TensorPresence::kFeatures:
    case TensorPresence::kLikedFeatures:
    case TensorPresence::kTime:
    case TensorPresence::kOrdinal:
    case TensorPresence::kState:
      return true;
    case TensorPresence::kPreference:
      return tensor.rows == TensorRows::kAny;
    case TensorPresence::kAlways:
    case TensorPresence::kUserBiases:
    case TensorPresence::kItemBiases:
    case TensorPresence::kItemImplicit:
    case TensorPresence::kPosteriorBiases:
    case TensorPresence::kPosteriorImplicitBiases:
      break;
  }
  return false;
}

void WriteTensors(std::ostream& out) {
  out << "/** The arrays of numbers of a model, in the order of their dependence: rows, what stands in a row, and "
         "which models have it. */\n"
         "export const TENSORS = [\n";
  for (const TensorRule& tensor : Tensors()) {
    out << "  { name: '" << tensor.name << "', rows: '" << NameOf(tensor.rows) << "', columns: '"
        << NameOf(tensor.columns) << "', staysFloat32: " << (StaysFloat32(tensor) ? "true" : "false")
        << ", inCodes: " << (tensor.codes != nullptr ? "true" : "false") << " },\n";
  }
  out << "] as const;\n\n";
}

void WriteMetrics(std::ostream& out) {
  const auto name = [](const RankingMetric& metric) { return Quoted(metric.name); };
  out << "/** The metrics of a ranking. */\nexport const RANKING_METRICS = [" << Joined(kRankingMetrics, name, ", ")
      << "] as const;\n";
}

void WriteTypeScript(std::ostream& out) {
  out << "// Written by " << kOrigin << ".\n// A test fails when it is out of date.\n\n";
  WriteSolvers(out);
  WriteDefaults(out);
  WriteOptions(out);
  WriteInterface(out);
  WriteTensors(out);
  WriteMetrics(out);
}

/// A default as the table of the guide shows it.
std::string Cell(const OptionRule& rule, const SolverTraits& traits) {
  if (!Reads(traits, rule.id)) return "";
  if (rule.id == OptionId::kBiasRegularization && IsLeftOpen(rule, traits)) return "= regularization";
  if (IsLeftOpen(rule, traits)) return "from the data";
  return Literal(rule, rule.get(DefaultsOf(traits)).value_or(0.0));
}

void WriteMarkdown(std::ostream& out) {
  out << "---\ntitle: Options of the solvers\n---\n\n# Options of the solvers\n\n<!-- Written by " << kOrigin
      << "; a test fails when it is out of date. -->\n\n"
         "The defaults of the options that each solver reads. An empty cell is an option that the solver does not "
         "read; giving it is an error.\n\n"
         "| option | allowed |";
  for (const SolverTraits* const traits : AllSolvers()) out << " " << traits->name << " |";
  out << "\n| --- | --- |";
  for (std::size_t i = 0; i < AllSolvers().size(); ++i) out << " --- |";
  out << "\n";
  for (const OptionRule& rule : OptionTable()) {
    out << "| `" << rule.name << "` | " << AllowedValues(rule) << " |";
    for (const SolverTraits* const traits : AllSolvers()) out << " " << Cell(rule, *traits) << " |";
    out << "\n";
  }
  out << "\n";
  for (const OptionRule& rule : OptionTable()) out << "- **`" << rule.name << "`**: " << WordsOf(rule.id) << "\n";
  out << "\n`regularization` must be above 0 where rows are solved in closed form: als, implicit-als. `threads` is "
         "`'auto'` or a\n"
         "number in `train`.\n";
}

}  // namespace
}  // namespace matfac::catalogue

int main(int count, char** words) {
  const std::string_view what = count == 2 ? words[1] : "";
  if (what == "typescript") {
    matfac::catalogue::WriteTypeScript(std::cout);
  } else if (what == "markdown") {
    matfac::catalogue::WriteMarkdown(std::cout);
  } else {
    std::cerr << "matfac_catalogue typescript|markdown\n";
    return 2;
  }
  return std::cout.flush() ? 0 : 1;
}
