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

  Index Count() const { return static_cast<Index>(ends_.size()); }

  /// Calls body(block, first, end, worker) for each block of rows first … end − 1, from where the last call stopped.
  /// Returns true when all were visited (the next call starts again) and false when the budget is used up.
  template <typename Body>
  bool ForEachBlock(Workers& workers, Budget& budget, const Body& body) {
    // One worker alone checks after each block, because nobody waits for it.
    const std::int64_t slice = workers.Count() > 1 ? kSliceWork * workers.Count() : 1;
    while (next_ < Count()) {
      const Index begin = next_;
      std::int64_t done = 0;
      while (next_ < Count() && done < slice) done += work_[next_++];
      workers.ForEachBlock(next_ - begin, [&](Index taken, int worker) {
        const Index block = begin + taken;
        body(block, block == 0 ? 0 : ends_[block - 1], ends_[block], worker);
      });
      if (budget.Spend(done / workers.Count())) break;
    }
    if (next_ < Count()) return false;
    next_ = 0;
    return true;
  }

  /// The same, calling body(row, worker) for each row.
  template <typename Body>
  bool ForEachRow(Workers& workers, Budget& budget, const Body& body) {
    return ForEachBlock(workers, budget, [&](Index /*block*/, Index first, Index end, int worker) {
      for (Index row = first; row < end; ++row) body(row, worker);
    });
  }

  /// Begins with the first block again.
  void Restart() { next_ = 0; }

 private:
  static constexpr std::int64_t kBlockWork = 1 << 20;
  static constexpr std::int64_t kSliceWork = 1 << 25;

  std::vector<Index> ends_;
  std::vector<std::int64_t> work_;
  Index next_ = 0;
};

}  // namespace matfac
