#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "model/options.h"

namespace matfac {

/// Which options a solver reads.
class OptionSet {
 public:
  constexpr OptionSet(std::initializer_list<OptionId> options) {
    for (const OptionId option : options) bits_ |= Bit(option);
  }
  constexpr bool Has(OptionId option) const { return (bits_ & Bit(option)) != 0; }

 private:
  static constexpr std::uint32_t Bit(OptionId option) { return std::uint32_t{1} << static_cast<std::uint8_t>(option); }

  std::uint32_t bits_ = 0;
};

enum class OptionKind : std::uint8_t { kWhole, kReal, kSwitch, kChoice };

/// The numbers that an option takes, its ends included but for `above`.
struct OptionRange {
  double least = 0.0;
  double most = 0.0;
  /// The least itself is not allowed.
  bool above = false;
};

/// What is known of an option apart from what it does.
struct OptionRule {
  OptionId id = OptionId::kFactors;
  /// As JavaScript spells it.
  std::string_view name;
  OptionKind kind = OptionKind::kReal;
  /// What a model is, rather than how it is trained: a member of ModelOptions.
  bool of_model = false;
  OptionRange range;
  /// Of kChoice: the names of the values 0, 1, ….
  std::span<const std::string_view> choices;
  /// The value as a number: 0 or 1 of kSwitch, the position among the choices of kChoice; nothing where it is left
  /// open, to be taken from the data or from other options.
  std::optional<double> (*get)(const Options& options) = nullptr;
  void (*set)(Options& options, double value) = nullptr;
};

/// Every option, by OptionId.
std::span<const OptionRule> OptionTable();

/// Null for a name that no option has.
const OptionRule* FindOption(std::string_view name);

/// The rule with the range that the solver takes: some need regularization.
OptionRule RuleFor(const OptionRule& rule, SolverKind solver);

/// "a whole number from 1 to 1024", "'none', 'user' or 'both'".
std::string AllowedValues(const OptionRule& rule);

/// Whether the value is one that the option takes with some solver.
bool IsAllowed(const OptionRule& rule, double value);

/// A value as messages show it: "0.1", "true", "'none'".
std::string ValueText(const OptionRule& rule, double value);

/// Sets an option to a value that a caller gave. Throws std::invalid_argument for a number that is not whole where it
/// must be, or that would stand for a default from the data; Validate checks the rest.
void SetOption(const OptionRule& rule, double value, Options& options);

/// The position of a name among the choices; throws std::invalid_argument for any other name.
double ChoiceOf(const OptionRule& rule, std::string_view name);

/// "factors must be a whole number from 1 to 1024; it is 0".
[[noreturn]] void ThrowNotAllowed(std::string_view name, TextValue allowed, TextValue value);

}  // namespace matfac
