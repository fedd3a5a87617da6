/// With threads, an exception of one is thrown again in another, which takes the exceptions of the C++ library in place
/// of shared/exception_abi.cpp.

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "base/errors.h"
#include "shared/last_error.h"
#include "shared/memory_texts.h"

namespace matfac {
namespace {

std::string_view Kept(const char* text) {
  static std::string message;
  message = text;
  return message;
}

}  // namespace

LastError ThrownError() {
  using enum LastError::Code;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {.code = kOutOfMemory, .message = kNotEnoughMemory};
  } catch (const std::length_error&) {
    return {.code = kOutOfMemory, .message = kLargerThanMemory};
  } catch (const UnsupportedError& error) {
    return {.code = kUnsupported, .message = Kept(error.what())};
  } catch (const std::exception& error) {
    return {.code = kInvalidArgument, .message = Kept(error.what())};
  }
}

}  // namespace matfac
