#include "base/fetch.h"

#include "base/kernels.h"

namespace matfac {

void Fetch(const float* begin, std::size_t count) {
  constexpr std::size_t kLine = 16;  // floats of a cache line
  kernels::Float4 sum{};
  for (std::size_t i = 0; i < count; i += kLine) sum += kernels::Load(begin + i);
  asm volatile("" : : "r"(&sum) : "memory");  // an engine drops loads whose values nobody uses
}

}  // namespace matfac
