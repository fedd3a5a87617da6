/// The C++ library prints a message before it aborts, and formats the texts of system errors: both link printf, a
/// twentieth of the module. Here every exception is caught, and without threads no call to the system can fail.

#include <cstdlib>
#include <system_error>

// NOLINTBEGIN(*-reserved-identifier)
extern "C" [[noreturn]] void abort_message(const char* /*format*/, ...) { std::abort(); }

_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __throw_system_error(int /*code*/, const char* /*what*/) { std::abort(); }
_LIBCPP_END_NAMESPACE_STD
// NOLINTEND(*-reserved-identifier)
