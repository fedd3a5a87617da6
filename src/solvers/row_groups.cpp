#include "solvers/row_groups.h"

namespace matfac {

std::vector<Index> GroupEnds(const RatingsSide& side, Index most_rows, Offset share) {
  std::vector<Index> ends;
  Index begin = 0;
  for (Index row = 1; row <= side.RowCount(); ++row) {
    const bool whole = row - begin == most_rows || side.Begin(row) - side.Begin(begin) >= share;
    if (whole || row == side.RowCount()) ends.push_back(begin = row);
  }
  return ends;
}

}  // namespace matfac
