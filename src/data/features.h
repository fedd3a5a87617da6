#pragma once

#include <span>
#include <vector>

#include "base/index.h"

namespace matfac {

/// The features of one row: their columns, in ascending order, and their values.
struct FeaturesRow {
  std::span<const Index> columns;
  std::span<const float> values;
};

/// Throws std::invalid_argument that names the first of these that does not fit `column_count` columns: as many columns
/// as values, from 0 to column_count − 1, in ascending order, each at most once, finite values. `name` is what an error
/// calls them.
void CheckFeatures(const char* name, const FeaturesRow& row, Index column_count);

/// The features of the users, or of the items: one sparse row for each. Without columns there are none.
class Features {
 public:
  Features() = default;
  /// Row r has the columns and values at offsets[r] … offsets[r + 1] − 1. Throws std::invalid_argument for offsets that
  /// do not rise from 0 to the number of values, and as CheckFeatures does.
  Features(const char* name, std::vector<Offset> offsets, std::vector<Index> columns, std::vector<float> values,
           Index column_count);

  bool IsEmpty() const { return column_count_ == 0; }
  Index RowCount() const { return static_cast<Index>(offsets_.size()) - 1; }
  Index ColumnCount() const { return column_count_; }
  /// Valid as long as this is. Needs 0 ≤ row < RowCount().
  FeaturesRow Row(Index row) const;

 private:
  std::vector<Offset> offsets_ = {0};
  std::vector<Index> columns_;
  std::vector<float> values_;
  Index column_count_ = 0;
};

/// What is known of users and items beside the ratings; empty where nothing is.
struct SideFeatures {
  Features users;
  Features items;

  bool IsEmpty() const { return users.IsEmpty() && items.IsEmpty(); }
};

}  // namespace matfac
