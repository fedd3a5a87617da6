#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/index.h"
#include "data/ratings.h"
#include "data/ratings_store.h"

namespace matfac {

/// Two columns in a store, one after the other: the indices of the other side as int32, and the values as float32, both
/// in the byte order of the machine.
struct StoredColumns {
  std::shared_ptr<RatingsStore> store;
  /// The first byte.
  std::int64_t begin;
  Offset size;
  /// The number of rows of the other side.
  Index others;
  /// Whether they are the caller's, whose numbers an error names, and not a copy in another order.
  bool is_given;
};

/// A part of two columns, in memory, which moves to where it is asked for. One thread at a time may ask.
class RatingsWindow {
 public:
  /// Of `length` ratings, and of more where one row has more.
  RatingsWindow(StoredColumns columns, Offset length);

  /// The ratings of a row, from `begin` on, without times; valid until the next call. Throws std::invalid_argument for
  /// indices that are out of range or do not ascend, and for values that are not finite, each time that the row is
  /// asked for: what is in a store may change.
  RatingsRow Row(Offset begin, Offset count);

 private:
  void Move(Offset begin, Offset count);

  StoredColumns columns_;
  Offset length_;
  Offset begin_ = 0;
  Offset end_ = 0;
  std::vector<Index> others_;
  std::vector<float> values_;
};

}  // namespace matfac
