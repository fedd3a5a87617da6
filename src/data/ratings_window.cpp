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
  return {.others = std::span(others_).subspan(begin - begin_, count),
          .values = std::span(values_).subspan(begin - begin_, count),
          .times = {}};
}

void RatingsWindow::Move(Offset begin, Offset count) {
  begin_ = end_ = begin;
  const Offset length = std::min(std::max(count, length_), columns_.size - begin);
  others_.resize(length);
  values_.resize(length);
  const auto read = [&](std::int64_t column, auto& into) {
    columns_.store->Read(columns_.begin + std::int64_t{4} * (column * columns_.size + begin),
                         std::as_writable_bytes(std::span(into)));
  };
  read(0, others_);
  read(1, values_);
  for (Offset i = 0; i < length; ++i) {
    if (others_[i] < 0 || others_[i] >= columns_.others) {
      ThrowOutOfRange(columns_.name, others_[i], columns_.others, begin + i);
    }
    if (!std::isfinite(values_[i])) ThrowNotFinite("rating ", begin + i, values_[i]);
  }
  end_ = begin + length;
}

}  // namespace matfac
