#pragma once

#include <vector>

#include "data/ratings.h"

namespace matfac {

/// Cuts the rows of a side into groups of consecutive rows; returns the first row after each. A group ends with the row
/// by which it has `share` ratings or more, or with `most_rows` rows.
std::vector<Index> GroupEnds(const RatingsSide& side, Index most_rows, Offset share);

}  // namespace matfac
