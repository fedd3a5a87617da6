#include "base/stored_rows.h"

#include <algorithm>
#include <numeric>

#include "base/kernels.h"

namespace matfac {

void QuantizedMatrix::Expand(Index row, int begin, int end, float* to) const {
  for (const Part& part : parts_) {
    if (!part.rows) break;
    const int stride = part.rows->Stride();
    if (begin < stride) {
      const int until = std::min(end, stride);
      part.rows->Expand(row, begin, until, part.weight, to);
      to += until - begin;
    }
    begin = std::max(0, begin - stride);
    end -= stride;
  }
}

StoredRows StoredRows::Columns(int first, int count) const {
  StoredRows columns = *this;
  columns.first_column_ += first;
  columns.stride_ = count;
  return columns;
}

const float* StoredRows::Expanded(Index first, Index count, std::vector<float>& room) const {
  room.resize(static_cast<std::size_t>(count) * stride_);
  float* to = room.data();
  for (Index row = first; row < first + count; ++row, to += stride_) {
    codes_->Expand(row, first_column_, first_column_ + stride_, to);
  }
  return room.data();
}

std::vector<const float*> StoredRows::Listed(std::span<const Index> rows, FactorMatrix& room) const {
  if (codes_ != nullptr) room = Gathered(rows);
  std::vector<const float*> listed;
  for (const Index row : rows) {
    listed.push_back(codes_ != nullptr ? RowOf(room, static_cast<Index>(listed.size())) : RowOf(*floats_, row));
  }
  return listed;
}

float StoredRows::Dot(const float* x, Index row) const {
  std::vector<float> room;
  return kernels::Dot(x, Row(row, room), stride_);
}

std::vector<float> StoredRows::Copy(Index row) const {
  std::vector<float> room;
  const float* const numbers = Row(row, room);
  return {numbers, numbers + stride_};
}

FactorMatrix StoredRows::Gathered(std::span<const Index> rows) const {
  FactorMatrix gathered(static_cast<Index>(rows.size()), stride_);
  std::vector<float> room;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    std::copy_n(Row(rows[j], room), stride_, RowOf(gathered, static_cast<Index>(j)));
  }
  return gathered;
}

FactorMatrix StoredRows::All() const {
  std::vector<Index> rows(Count());
  std::iota(rows.begin(), rows.end(), 0);
  return Gathered(rows);
}

}  // namespace matfac
