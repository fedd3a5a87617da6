#pragma once

#include <span>

#include "base/index.h"

namespace matfac {

/// Sort in ascending order, by a heap, which is a fraction of the code of std::sort.
void Sort(std::span<Index> values);
void Sort(std::span<float> values);

}  // namespace matfac
