/// Exceptions without the C++ library's support for them, which is large: the search for a handler by type, and the
/// storage of exceptions. Without threads nothing catches by type: what JavaScript calls catches all exceptions and
/// reports a failure. So an exception is described and destroyed at the throw, and only the fact that something was
/// thrown unwinds the stack.

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>

#include "base/errors.h"
#include "shared/last_error.h"
#include "shared/memory_texts.h"

namespace matfac {

namespace {

LastError last_error;

LastError Describe(const std::exception& error, const std::type_info* type) {
  using enum LastError::Code;
  if (type == &typeid(std::bad_alloc) || type == &typeid(std::bad_array_new_length)) {
    return {.code = kOutOfMemory, .message = kNotEnoughMemory};
  }
  if (type == &typeid(std::length_error)) {
    return {.code = kOutOfMemory, .message = kLargerThanMemory};
  }
  static std::string message;
  message = error.what();
  return {.code = type == &typeid(UnsupportedError) ? kUnsupported : kInvalidArgument, .message = message};
}

[[noreturn]] void Unwind() {
  constexpr int kCppException = 0;
  __builtin_wasm_throw(kCppException, nullptr);
}

}  // namespace

LastError ThrownError() { return last_error; }

}  // namespace matfac

// The functions that compiled code and the C++ library call, by the names of the Itanium C++ ABI.
// NOLINTBEGIN(*-reserved-identifier, cert-dcl58-cpp)
extern "C" {

/// One buffer for all exceptions: each is destroyed before another can be thrown.
void* __cxa_allocate_exception(std::size_t /*size*/) noexcept {
  alignas(std::max_align_t) static std::byte place[64];
  return place;
}

void __cxa_free_exception(void* /*place*/) noexcept {}

/// Every exception thrown here has std::exception as its only base, so that the base is at its beginning.
[[noreturn]] void __cxa_throw(void* error, const std::type_info* type, void* (*destroy)(void*)) {
  matfac::last_error = matfac::Describe(*static_cast<const std::exception*>(error), type);
  destroy(error);
  matfac::Unwind();
}

void* __cxa_begin_catch(void* error) noexcept { return error; }
void __cxa_end_catch() noexcept {}
[[noreturn]] void __cxa_rethrow() { matfac::Unwind(); }

/// Every std::type_info refers to one of these, whose functions would find a handler.
extern void* const class_type_functions[3] asm("_ZTVN10__cxxabiv117__class_type_infoE");
extern void* const derived_class_type_functions[3] asm("_ZTVN10__cxxabiv120__si_class_type_infoE");
extern void* const other_class_type_functions[3] asm("_ZTVN10__cxxabiv121__vmi_class_type_infoE");
void* const class_type_functions[3] = {};
void* const derived_class_type_functions[3] = {};
void* const other_class_type_functions[3] = {};

}  // extern "C"

namespace std {

[[noreturn]] void terminate() noexcept { abort(); }
new_handler get_new_handler() noexcept { return nullptr; }

}  // namespace std
// NOLINTEND(*-reserved-identifier, cert-dcl58-cpp)
