#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "json.h"
#include "model/option_table.h"
#include "model/solver_traits.h"
#include "support.h"

// The cases of tests/golden/bad-input.json that the core decides: options of `train` of the right kind, but with a
// value that the solver does not take. TypeScript reads all cases, and passes these on: both must say the same words.
namespace matfac {
namespace {

using test::Json;

/// Where a case has a value of another kind, which the core never sees, nothing.
std::optional<double> NumberOf(const Json& json) {
  if (const auto* const number = std::get_if<double>(&json.value)) return *number;
  const auto* const text = std::get_if<std::string>(&json.value);
  if (text == nullptr) return std::nullopt;
  if (*text == "$NaN") return std::numeric_limits<double>::quiet_NaN();
  if (*text == "$Infinity") return std::numeric_limits<double>::infinity();
  if (*text == "$-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

/// What the core decides when it is given the option.
bool IsOfCore(const OptionRule& rule, const Json& value) {
  switch (rule.kind) {
    case OptionKind::kWhole:
    case OptionKind::kReal:
      return NumberOf(value).has_value();
    case OptionKind::kSwitch:
      return std::holds_alternative<bool>(value.value);
    case OptionKind::kChoice:
      return std::holds_alternative<std::string>(value.value) && !value.Text().starts_with('$');
  }
  return false;
}

double ValueOf(const OptionRule& rule, const Json& value) {
  if (rule.kind == OptionKind::kSwitch) return value.Bool() ? 1.0 : 0.0;
  return rule.kind == OptionKind::kChoice ? ChoiceOf(rule, value.Text()) : *NumberOf(value);
}

bool IsKnownSolver(const std::string& name) {
  return std::ranges::any_of(AllSolvers(), [&](const SolverTraits* traits) { return traits->name == name; });
}

/// The options of `train`, where the core decides all of them; null otherwise.
const Json::Object* OptionsOfCore(const Json& given) {
  const Json::Array& arguments = given["args"].Items();
  if (given["call"].Text() != "train" || arguments.size() != 2) return nullptr;
  const auto* const ratings = std::get_if<std::string>(&arguments[0].value);
  if (ratings == nullptr || *ratings != "$ratings") return nullptr;
  const auto* const options = std::get_if<Json::Object>(&arguments[1].value);
  if (options == nullptr || !options->contains("solver")) return nullptr;
  const auto* const solver = std::get_if<std::string>(&options->at("solver").value);
  // TypeScript suggests a solver for a name that there is not.
  if (solver == nullptr || !IsKnownSolver(*solver)) return nullptr;
  const SolverTraits& traits = TraitsOf(SolverFromName(*solver));
  const bool all = std::ranges::all_of(*options, [&](const auto& member) {
    // What is validated on is cut off before the core.
    if (member.first == "solver" || member.first == "validation") return true;
    const OptionRule* const rule = FindOption(member.first);
    return rule != nullptr && Reads(traits, rule->id) && IsOfCore(*rule, member.second);
  });
  return all ? options : nullptr;
}

void Resolve(const Json::Object& given) {
  Options options = DefaultOptions(SolverFromName(given.at("solver").Text()));
  for (const auto& [name, value] : given) {
    if (const OptionRule* const rule = FindOption(name)) SetOption(*rule, ValueOf(*rule, value), options);
  }
  Validate(options);
}

TEST(BadInput, TheCoreRefusesWhatIsItsToRefuseInTheSameWords) {
  const Json golden = test::ReadGolden("bad-input.json");
  int count = 0;
  for (const Json& given : golden.Items()) {
    const Json::Object* const options = OptionsOfCore(given);
    if (options == nullptr) continue;
    SCOPED_TRACE(given["name"].Text());
    EXPECT_EQ(given["code"].Text(), "invalid-argument");
    try {
      Resolve(*options);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::invalid_argument& error) {
      for (const Json& words : given["words"].Items()) {
        EXPECT_PRED_FORMAT2(testing::IsSubstring, words.Text(), std::string(error.what()));
      }
    }
    ++count;
  }
  EXPECT_GE(count, 60);
}

}  // namespace
}  // namespace matfac
