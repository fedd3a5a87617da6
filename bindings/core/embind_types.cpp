/// The types that the bindings pass to JavaScript and take from it. In place of the bind.cpp of Emscripten, which
/// registers all that Embind knows: integers of every size, wide strings, and the code in the glue that converts them.

#include <emscripten/bind.h>
#include <emscripten/wire.h>

#include <limits>
#include <string>

namespace {

using emscripten::memory_view;
using emscripten::val;
using emscripten::internal::InitFunc;
using emscripten::internal::TypeID;

InitFunc* first_bindings = nullptr;

template <typename T>
void RegisterInteger(const char* name) {
  using Limits = std::numeric_limits<T>;
  emscripten::internal::_embind_register_integer(TypeID<T>::get(), name, sizeof(T), Limits::min(), Limits::max());
}

template <typename T>
void RegisterFloat(const char* name) {
  emscripten::internal::_embind_register_float(TypeID<T>::get(), name, sizeof(T));
}

/// `array` is the place of the typed array in the list of embind.js.
template <typename T>
void RegisterView(unsigned array, const char* name) {
  emscripten::internal::_embind_register_memory_view(TypeID<memory_view<T>>::get(), array, name);
}

}  // namespace

// NOLINTBEGIN(*-reserved-identifier)
extern "C" {

/// Only the message about a type that is not registered has its name, and no call meets such a type.
const char* __getTypeName(const void* /*type*/) { return nullptr; }

void _embind_register_bindings(InitFunc* bindings) {
  bindings->next = first_bindings;
  first_bindings = bindings;
}

/// A thread that starts registers all types again.
void _embind_initialize_bindings() {
  for (const InitFunc* bindings = first_bindings; bindings != nullptr; bindings = bindings->next) bindings->init_func();
}

}  // extern "C"
// NOLINTEND(*-reserved-identifier)

EMSCRIPTEN_BINDINGS(types) {
  emscripten::internal::_embind_register_void(TypeID<void>::get(), "void");
  emscripten::internal::_embind_register_bool(TypeID<bool>::get(), "bool", true, false);
  RegisterInteger<int>("int");
  RegisterInteger<unsigned>("unsigned int");
  RegisterInteger<unsigned long>("unsigned long");
  RegisterFloat<float>("float");
  RegisterFloat<double>("double");
  emscripten::internal::_embind_register_std_string(TypeID<std::string>::get(), "std::string");
  emscripten::internal::_embind_register_emval(TypeID<val>::get());
  constexpr unsigned kInt8Array = 0;
  constexpr unsigned kUint8Array = 1;
  constexpr unsigned kInt32Array = 4;
  constexpr unsigned kFloat32Array = 6;
  constexpr unsigned kFloat64Array = 7;
  RegisterView<unsigned char>(kUint8Array, "emscripten::memory_view<unsigned char>");
  RegisterView<signed char>(kInt8Array, "emscripten::memory_view<signed char>");
  RegisterView<int>(kInt32Array, "emscripten::memory_view<int>");
  RegisterView<float>(kFloat32Array, "emscripten::memory_view<float>");
  RegisterView<double>(kFloat64Array, "emscripten::memory_view<double>");
}
