#pragma once

namespace matfac {

/// The messages of std::bad_alloc and std::length_error in JavaScript; bindings/js/base/errors.ts repeats the first.
inline constexpr const char* kNotEnoughMemory = "There is not enough memory in WebAssembly for this";
inline constexpr const char* kLargerThanMemory = "This is larger than the memory of WebAssembly can be";

}  // namespace matfac
