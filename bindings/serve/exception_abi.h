#pragma once

#include <cstdint>
#include <string_view>

namespace matfac {

/// The last exception that was thrown.
struct LastError {
  /// CoreFailure's codes; 0: none.
  enum class Code : std::uint8_t { kNone, kInvalidArgument, kOutOfMemory, kUnsupported };

  Code code = Code::kNone;
  /// Valid until the next exception is thrown.
  std::string_view message;
};

extern LastError last_error;

}  // namespace matfac
