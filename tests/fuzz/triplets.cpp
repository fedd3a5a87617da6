#include <vector>

#include "data/ratings.h"
#include "data/split.h"
#include "support.h"

// Three columns become ratings, or an error: each rating is found again from both sides.

namespace {

using namespace matfac;

void CheckSide(const RatingsSide& side, Index rows, const RatingColumns& columns, bool of_users) {
  fuzz::Require(side.RowCount() == rows, "the side has all rows");
  Offset total = 0;
  for (Index row = 0; row < rows; ++row) {
    total += side.Count(row);
    const RatingsRow ratings = side.Row(row);
    for (std::size_t j = 1; j < ratings.others.size(); ++j) {
      fuzz::Require(ratings.others[j - 1] < ratings.others[j], "a row ascends");
    }
  }
  fuzz::Require(total == static_cast<Offset>(columns.values.size()), "no rating is lost");
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const RatingsRow row = side.Row(of_users ? columns.users[i] : columns.items[i]);
    const Index other = of_users ? columns.items[i] : columns.users[i];
    bool found = false;
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      found = found || (row.others[j] == other && row.values[j] == columns.values[i]);
    }
    fuzz::Require(found, "each rating is in its row");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const Index users = bytes.Whole(0, 20);
  const Index items = bytes.Whole(0, 20);
  RatingColumns columns;
  while (!bytes.Empty()) {
    const int kind = bytes.Byte();
    if (kind != 0) columns.users.push_back(kind == 1 ? static_cast<Index>(bytes.Bits(4)) : bytes.Whole(-1, 20));
    if (kind != 2) columns.items.push_back(kind == 3 ? static_cast<Index>(bytes.Bits(4)) : bytes.Whole(-1, 20));
    if (kind != 4) columns.values.push_back(bytes.Float());
  }
  fuzz::Guarded([&] {
    const Ratings ratings = Ratings::FromTriplets(columns.View(), users, items);
    CheckSide(ratings.ByUser(), users, columns, true);
    CheckSide(ratings.ByItem(), items, columns, false);
    const SplitRatings split = Split(columns.View(), 0.3, 1);
    fuzz::Require(split.train.values.size() + split.test.values.size() == columns.values.size(), "a split is whole");
  });
  return 0;
}
