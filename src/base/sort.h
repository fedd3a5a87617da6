#pragma once

#include <span>

#include "base/index.h"

namespace matfac {

/// Sort in ascending order, by a heap: a tenth of the code of std::sort, in up to twice the time.
void Sort(std::span<Index> values);
void Sort(std::span<float> values);

}  // namespace matfac
