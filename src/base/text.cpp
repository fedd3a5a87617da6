#include "base/text.h"

#include <cmath>
#include <cstdint>

namespace matfac {
namespace {

constexpr int kDigits = 10;

/// value = 0.d₀d₁d₂… · 10^(exponent + 1), d₀ > 0, without zeros at the end.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal DecimalOf(double value) {
  Decimal decimal;
  while (value >= 10.0) {
    value /= 10.0;
    ++decimal.exponent;
  }
  while (value < 1.0) {
    value *= 10.0;
    --decimal.exponent;
  }
  std::int64_t whole = std::llround(value * 1e9);
  if (whole >= 10'000'000'000) {
    whole /= 10;
    ++decimal.exponent;
  }
  decimal.digits = std::to_string(whole);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  return decimal;
}

}  // namespace

std::string NumberText(double value) {
  if (std::isnan(value)) return "NaN";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "Infinity";
  if (value == 0.0) return "0";
  auto [digits, exponent] = DecimalOf(std::abs(value));
  if (exponent < -4 || exponent >= kDigits) {
    if (digits.size() > 1) digits.insert(1, ".");
    const std::string size = std::to_string(std::abs(exponent));
    return sign + digits + (exponent < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
  }
  if (exponent < 0) return sign + "0." + std::string(-exponent - 1, '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0');
  return sign + digits.insert(whole, ".");
}

void TextValue::AppendTo(std::string& message) const {
  message += length_ == kNumber ? NumberText(number) : std::string(text, length_);
}

std::string Message(std::string_view pattern, std::initializer_list<TextValue> values) {
  std::string message;
  for (const TextValue& value : values) {
    const std::size_t place = pattern.find("{}");
    message += pattern.substr(0, place);
    value.AppendTo(message);
    pattern.remove_prefix(place + 2);
  }
  return message.append(pattern);
}

std::string Quoted(std::string_view text) { return Message("'{}'", {text}); }

std::string WholeText(double value) { return std::to_string(static_cast<std::int64_t>(value)); }

}  // namespace matfac
