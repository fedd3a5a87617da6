/// What the C++ library would print before a program ends, and the texts of the system's errors, bring printf along, a
/// twentieth of the module. Nothing that is thrown goes uncaught here, and without threads nothing asks the system for
/// what it could refuse.

#include <cstdlib>
#include <system_error>

// NOLINTBEGIN(*-reserved-identifier)
extern "C" [[noreturn]] void abort_message(const char* /*format*/, ...) { std::abort(); }

_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __throw_system_error(int /*code*/, const char* /*what*/) { std::abort(); }
_LIBCPP_END_NAMESPACE_STD
// NOLINTEND(*-reserved-identifier)
