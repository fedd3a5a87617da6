#pragma once

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace matfac::test {

/// A value of the golden files, which both languages read; the only escape in their strings is that of a quotation
/// mark.
struct Json {
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;

  /// std::monostate is null.
  std::variant<std::monostate, double, bool, std::string, Array, Object> value;

  double Number() const { return std::get<double>(value); }
  bool Bool() const { return std::get<bool>(value); }
  const std::string& Text() const { return std::get<std::string>(value); }
  const Array& Items() const { return std::get<Array>(value); }
  const Object& Members() const { return std::get<Object>(value); }
  const Json& operator[](std::string_view name) const {
    const auto found = Members().find(name);
    if (found == Members().end()) throw std::runtime_error("a golden file has no '" + std::string(name) + "'");
    return found->second;
  }
};

/// Recursive descent, one function per kind of value.
class JsonReader {
 public:
  explicit JsonReader(std::string text) : text_(std::move(text)) {}

  Json Read() {
    Json json = ReadValue();
    if (Peek() != '\0') Fail();
    return json;
  }

 private:
  [[noreturn]] void Fail() const {
    throw std::runtime_error("a golden file is not the JSON expected at character " + std::to_string(at_));
  }
  /// The next character that is not a space, '\0' at the end.
  char Peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Take(char wanted) {
    if (Peek() != wanted) return false;
    ++at_;
    return true;
  }
  bool TakeWord(std::string_view word) {
    if (!std::string_view(text_).substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Json ReadValue() {
    const char next = Peek();
    if (next == '{') return {ReadObject()};
    if (next == '[') return {ReadArray()};
    if (next == '"') return {ReadText()};
    if (TakeWord("true")) return {true};
    if (TakeWord("false")) return {false};
    if (TakeWord("null")) return {};
    return {ReadNumber()};
  }
  Json::Object ReadObject() {
    Json::Object object;
    Take('{');
    if (Take('}')) return object;
    do {
      if (Peek() != '"') Fail();
      std::string name = ReadText();
      if (!Take(':')) Fail();
      object.insert_or_assign(std::move(name), ReadValue());
    } while (Take(','));
    if (!Take('}')) Fail();
    return object;
  }
  Json::Array ReadArray() {
    Json::Array array;
    Take('[');
    if (Take(']')) return array;
    do array.push_back(ReadValue());
    while (Take(','));
    if (!Take(']')) Fail();
    return array;
  }
  std::string ReadText() {
    Take('"');
    std::string text;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && !std::string_view(text_).substr(++at_).starts_with('"')) Fail();
      text += text_[at_];
    }
    if (at_ == text_.size()) Fail();
    ++at_;
    return text;
  }
  double ReadNumber() {
    char* end = nullptr;
    const double number = std::strtod(text_.c_str() + at_, &end);
    const auto after = static_cast<std::size_t>(end - text_.c_str());
    if (after == at_) Fail();
    at_ = after;
    return number;
  }

  std::string text_;
  std::size_t at_ = 0;
};

/// Reads a file of tests/golden; throws std::runtime_error when it does not exist.
inline Json ReadGolden(const std::string& name) {
  const std::string path = std::string(MATFAC_GOLDEN_DIR) + "/" + name;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("the golden file " + path + " is not there");
  return JsonReader(std::string(std::istreambuf_iterator<char>(file), {})).Read();
}

}  // namespace matfac::test
