#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace matfac {

template <typename Signature>
class FunctionRef;

/// A reference to a callable, for a parameter that is called before the function returns. Per callable it compiles to
/// one function, where std::function compiles to ten.
template <typename Result, typename... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <typename Callable>
    requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef>)
  // NOLINTNEXTLINE(google-explicit-constructor, hicpp-explicit-conversions, cppcoreguidelines-missing-std-forward)
  FunctionRef(Callable&& callable)
      : callable_(std::addressof(callable)), call_([](const void* called, Arguments... arguments) -> Result {
          return (*static_cast<const std::remove_reference_t<Callable>*>(called))(
              std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(callable_, std::forward<Arguments>(arguments)...); }

 private:
  const void* callable_;
  Result (*call_)(const void*, Arguments...);
};

}  // namespace matfac
