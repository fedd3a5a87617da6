#pragma once

#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/factors.h"
#include "base/quantized_rows.h"

namespace matfac {

/// A matrix whose numbers stand in memory as whole numbers (QuantizedRows). Its copies share these.
class QuantizedMatrix {
 public:
  /// Without rows.
  QuantizedMatrix() = default;
  explicit QuantizedMatrix(std::shared_ptr<const QuantizedRows> rows) : parts_{Part{.rows = std::move(rows)}} {}
  /// [left | weight · right], row by row. Needs as many rows in both, and in both those of a single QuantizedRows.
  QuantizedMatrix(const QuantizedMatrix& left, const QuantizedMatrix& right, float weight)
      : parts_{left.parts_[0], Part{.rows = right.parts_[0].rows, .weight = weight}} {}

  Index Count() const { return parts_[0].rows ? parts_[0].rows->Rows() : 0; }
  /// Null for a matrix without rows, and for one of two parts.
  const QuantizedRows* Whole() const { return parts_[1].rows ? nullptr : parts_[0].rows.get(); }
  /// Writes the columns `begin` … `end` − 1 of a row. Needs a row within the matrix.
  void Expand(Index row, int begin, int end, float* to) const;

 private:
  struct Part {
    std::shared_ptr<const QuantizedRows> rows;
    float weight = 1.0F;
  };
  std::array<Part, 2> parts_;
};

/// The rows of a matrix, whether they stand in memory as floats or as whole numbers: what reads a model sees the same
/// numbers. Refers to the matrix, which must stay as it is. `room` holds what is not in memory as floats.
class StoredRows {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor, hicpp-explicit-conversions): a matrix of floats is one way to store
  // rows
  StoredRows(const FactorMatrix& floats) : floats_(&floats), stride_(static_cast<int>(floats.cols())) {}
  /// Those of `codes` where it has rows. Needs as many columns in `floats`, which then has no rows.
  StoredRows(const FactorMatrix& floats, const QuantizedMatrix& codes) : StoredRows(floats) {
    if (codes.Count() > 0) codes_ = &codes;
  }
  /// `count` columns of them, from `first` on; both are multiples of 4.
  StoredRows Columns(int first, int count) const;

  Index Count() const { return codes_ == nullptr ? static_cast<Index>(floats_->rows()) : codes_->Count(); }
  int Stride() const { return stride_; }

  /// The numbers of a row, as long as `room` is not used otherwise. Needs a row within the matrix.
  const float* Row(Index row, std::vector<float>& room) const { return Rows(row, 1, room); }
  /// Contiguous rows. Needs all of their columns.
  const float* Rows(Index first, Index count, std::vector<float>& room) const {
    return codes_ == nullptr ? RowOf(*floats_, first) + first_column_ : Expanded(first, count, room);
  }
  /// The listed rows, as long as `room` is not used otherwise. Needs all of their columns.
  std::vector<const float*> Listed(std::span<const Index> rows, FactorMatrix& room) const;
  /// x·row, in the order of kernels::Dot.
  float Dot(const float* x, Index row) const;
  std::vector<float> Copy(Index row) const;
  /// One listed row after the other.
  FactorMatrix Gathered(std::span<const Index> rows) const;
  /// All of them.
  FactorMatrix All() const;

 private:
  const float* Expanded(Index first, Index count, std::vector<float>& room) const;

  const FactorMatrix* floats_;
  const QuantizedMatrix* codes_ = nullptr;
  int first_column_ = 0;
  int stride_;
};

}  // namespace matfac
