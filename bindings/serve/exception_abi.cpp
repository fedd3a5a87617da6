/// Exceptions without the C++ library's part in them, a tenth of the module: the search for a handler by type, and the
/// storage of exceptions in flight. Nothing in this module catches by type: each function catches all exceptions and
/// returns failure. So __cxa_throw keeps the code and message of the exception, and the stack unwinds without it, past
/// the destructors.

#include "serve/exception_abi.h"

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>

#include "base/errors.h"
#include "shared/memory_texts.h"

namespace matfac {

Thrown thrown;

namespace {

Thrown TakenApart(const std::exception& error, const std::type_info* type) {
  using enum Thrown::Code;
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
}  // namespace matfac

// What compiled code calls, by the names of the Itanium C++ ABI, and what else of that part the C++ library calls.
// NOLINTBEGIN(*-reserved-identifier, cert-dcl58-cpp)
extern "C" {

/// The same for all: what is thrown is gone before another can be.
void* __cxa_allocate_exception(std::size_t /*size*/) noexcept {
  alignas(std::max_align_t) static std::byte place[64];
  return place;
}

void __cxa_free_exception(void* /*place*/) noexcept {}

/// Whatever is thrown is a std::exception, and its only base, so that it stands at the beginning.
[[noreturn]] void __cxa_throw(void* error, const std::type_info* type, void* (*destroy)(void*)) {
  matfac::thrown = matfac::TakenApart(*static_cast<const std::exception*>(error), type);
  destroy(error);
  matfac::Unwind();
}

void* __cxa_begin_catch(void* error) noexcept { return error; }
void __cxa_end_catch() noexcept {}
[[noreturn]] void __cxa_rethrow() { matfac::Unwind(); }

/// Every std::type_info refers to one of these, by whose functions a handler would be found.
extern void* const class_type_functions[3] asm("_ZTVN10__cxxabiv117__class_type_infoE");
extern void* const derived_class_type_functions[3] asm("_ZTVN10__cxxabiv120__si_class_type_infoE");
void* const class_type_functions[3] = {};
void* const derived_class_type_functions[3] = {};

}  // extern "C"

namespace std {

[[noreturn]] void terminate() noexcept { abort(); }
new_handler get_new_handler() noexcept { return nullptr; }

}  // namespace std
// NOLINTEND(*-reserved-identifier, cert-dcl58-cpp)
