#include "base/sort.h"

#include <algorithm>

namespace matfac {

void Sort(std::span<Index> values) {
  std::ranges::make_heap(values);
  std::ranges::sort_heap(values);
}

void Sort(std::span<float> values) {
  std::ranges::make_heap(values);
  std::ranges::sort_heap(values);
}

}  // namespace matfac
