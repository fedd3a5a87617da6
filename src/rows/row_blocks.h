#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/budget.h"
#include "base/parallel.h"
#include "data/ratings.h"

namespace matfac {

/// The rows of one side in blocks of about equal work, which depend only on the data, visited in parallel and in slices
/// of time.
class RowBlocks {
 public:
  /// `cost(count)` is about the multiply-adds of a row with `count` ratings.
  template <typename Cost>
  RowBlocks(const RatingsSide& side, const Cost& cost) {
    std::int64_t work = 0;
    for (Index row = 0; row < side.RowCount(); ++row) {
      work += cost(side.Count(row));
      if (work < kBlockWork && row + 1 < side.RowCount()) continue;
      ends_.push_back(row + 1);
      work_.push_back(work);
      work = 0;
    }
  }

  /// Calls body(row, worker) for each row, from where the last call stopped. Returns true when all rows were visited
  /// (the next call starts again) and false when the budget is used up.
  template <typename Body>
  bool ForEachRow(Workers& workers, Budget& budget, const Body& body) {
    while (next_ < Count()) {
      const Index first = next_;
      std::int64_t done = 0;
      while (next_ < Count() && done < kSliceWork * workers.Count()) done += work_[next_++];
      workers.ForEachBlock(next_ - first, [&](Index block, int worker) {
        for (Index row = Begin(first + block); row < ends_[first + block]; ++row) body(row, worker);
      });
      if (budget.Spend(done / workers.Count())) break;
    }
    if (next_ < Count()) return false;
    next_ = 0;
    return true;
  }

 private:
  static constexpr std::int64_t kBlockWork = 1 << 20;
  static constexpr std::int64_t kSliceWork = 1 << 25;

  Index Count() const { return static_cast<Index>(ends_.size()); }
  Index Begin(Index block) const { return block == 0 ? 0 : ends_[block - 1]; }

  std::vector<Index> ends_;
  std::vector<std::int64_t> work_;
  Index next_ = 0;
};

}  // namespace matfac
