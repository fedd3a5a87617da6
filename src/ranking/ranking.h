#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "data/ratings.h"

namespace matfac {

/// Items (or users) with their scores, best first; equal scores by ascending index.
struct Ranking {
  std::vector<Index> indices;
  std::vector<float> scores;
};

/// Keeps the best n entries of a stream, in a heap whose top is the worst of them.
class TopN {
 public:
  /// Needs n ≥ 0.
  explicit TopN(int n) : n_(static_cast<std::size_t>(n)) {}

  /// Needs a score that is not NaN.
  void Offer(Index index, float score);

  /// The bar that a score must exceed to be kept when indices are offered in ascending order; −∞ while there is room.
  float Bar() const {
    if (heap_.size() < n_) return -std::numeric_limits<float>::infinity();
    return n_ == 0 ? std::numeric_limits<float>::infinity() : heap_.front().score;
  }

  /// Returns the best entries, in order, and keeps none.
  Ranking Take();

 private:
  struct Entry {
    float score;
    Index index;
  };
  static bool Better(const Entry& a, const Entry& b) {
    return a.score > b.score || (a.score == b.score && a.index < b.index);
  }

  /// In one place: inlined where it is called, it would be half of the code of this class.
  [[gnu::noinline]] void MoveWorstToEnd();

  std::size_t n_;
  std::vector<Entry> heap_;
};

}  // namespace matfac
