#pragma once

#include <cstdint>
#include <string_view>

namespace matfac {

/// What was thrown last.
struct Thrown {
  /// CoreFailure's codes; 0: none.
  enum class Code : std::uint8_t { kNone, kInvalidArgument, kOutOfMemory, kUnsupported };

  Code code = Code::kNone;
  /// Valid until the next is thrown.
  std::string_view message;
};

extern Thrown thrown;

}  // namespace matfac
