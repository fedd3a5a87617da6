#include "data/features.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "base/errors.h"

namespace matfac {

void CheckFeatures(const char* name, const FeaturesRow& row, Index column_count) {
  if (row.columns.size() != row.values.size()) {
    ThrowInvalid("{} must have as many columns as values; there are {} and {}",
                 {name, row.columns.size(), row.values.size()});
  }
  const auto outside =
      std::ranges::find_if(row.columns, [=](Index column) { return column < 0 || column >= column_count; });
  if (outside != row.columns.end()) {
    ThrowInvalid("{} must have columns from 0 to {}; one is {}", {name, column_count - 1, *outside});
  }
  const auto disordered = std::ranges::adjacent_find(row.columns, std::ranges::greater_equal());
  if (disordered != row.columns.end()) {
    ThrowInvalid("{} must have the columns of a row in ascending order; {} follows {}",
                 {name, disordered[1], *disordered});
  }
  const auto bad = std::ranges::find_if(row.values, [](float value) { return !std::isfinite(value); });
  if (bad != row.values.end()) ThrowInvalid("{} must have finite values; one is {}", {name, *bad});
}

Features::Features(const char* name, std::vector<Offset> offsets, std::vector<Index> columns, std::vector<float> values,
                   Index column_count)
    : offsets_(std::move(offsets)),
      columns_(std::move(columns)),
      values_(std::move(values)),
      column_count_(column_count) {
  const auto size = static_cast<Offset>(values_.size());
  if (offsets_.empty() || offsets_.front() != 0 || offsets_.back() != size || !std::ranges::is_sorted(offsets_) ||
      columns_.size() != values_.size()) {
    ThrowInvalid("{} must have offsets that rise from 0 to the number of columns and of values; they do not", {name});
  }
  for (Index row = 0; row < RowCount(); ++row) CheckFeatures(name, Row(row), column_count);
}

FeaturesRow Features::Row(Index row) const {
  const auto begin = static_cast<std::size_t>(offsets_[row]);
  const auto count = static_cast<std::size_t>(offsets_[row + 1]) - begin;
  return {std::span(columns_).subspan(begin, count), std::span(values_).subspan(begin, count)};
}

}  // namespace matfac
