#pragma once

#include <cstdint>
#include <string_view>

namespace matfac {

/// An exception as JavaScript learns of it.
struct LastError {
  /// CoreFailure's codes; 0: none.
  enum class Code : std::uint8_t { kNone, kInvalidArgument, kOutOfMemory, kUnsupported };

  Code code = Code::kNone;
  /// Valid until the next exception is thrown.
  std::string_view message;
};

/// The exception that is being handled or, without threads, the last one that was thrown.
LastError ThrownError();

}  // namespace matfac
