#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

// The main function of a target without libFuzzer: gives it the inputs of corpus/NAME.txt, one per line in hexadecimal
// digits.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::uint8_t> BytesOf(std::string_view digits) {
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("the argument must be a file of inputs\n", stderr);
    return 2;
  }
  std::ifstream file(arguments[1]);
  int inputs = 0;
  for (std::string line; std::getline(file, line); ++inputs) {
    const std::vector<std::uint8_t> bytes = BytesOf(line);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
