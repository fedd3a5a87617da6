#include "data/ratings_window.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "data/rating_errors.h"

namespace matfac {

RatingsWindow::RatingsWindow(StoredColumns columns, Offset length) : columns_(std::move(columns)), length_(length) {}

RatingsRow RatingsWindow::Row(Offset begin, Offset count) {
  if (count == 0) return {};
  if (begin < begin_ || begin + count > end_) Move(begin, count);
  const RatingsRow row{.others = std::span(others_).subspan(begin - begin_, count),
                       .values = std::span(values_).subspan(begin - begin_, count),
                       .times = {}};
  Index least = 0;
  for (Offset i = 0; i < count; ++i) {
    const Index other = row.others[i];
    const bool is_in_range = other >= least && other < columns_.others;
    if ((!is_in_range || !std::isfinite(row.values[i])) && !columns_.is_given) ThrowChanged();
    if (!is_in_range) ThrowOutOfRange("item", begin + i, least, columns_.others - 1, other);
    if (!std::isfinite(row.values[i])) ThrowNotFinite("rating", begin + i, row.values[i]);
    least = other + 1;
  }
  return row;
}

void RatingsWindow::Move(Offset begin, Offset count) {
  end_ = begin_;  // an error leaves an empty window
  const Offset length = std::min(std::max(count, length_), columns_.size - begin);
  others_.resize(length);
  values_.resize(length);
  const std::int64_t others = columns_.begin + std::int64_t{4} * begin;
  columns_.store->Read(others, std::as_writable_bytes(std::span(others_)));
  columns_.store->Read(others + std::int64_t{4} * columns_.size, std::as_writable_bytes(std::span(values_)));
  begin_ = begin;
  end_ = begin + length;
}

}  // namespace matfac
