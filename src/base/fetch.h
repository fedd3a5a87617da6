#pragma once

#include <cstddef>

namespace matfac {

/// Brings `count` consecutive floats into the caches by a load of each line: WebAssembly has no instruction that asks
/// for one. The processor has more loads under way than other work would start, and foresees the next lines.
/// For single rows the call costs more than it saves: GatheredRows has loads of its own.
void Fetch(const float* begin, std::size_t count);

}  // namespace matfac
