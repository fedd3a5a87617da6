#include "base/row_panel.h"

namespace matfac {
namespace {

/// Floats of a matrix that a second-level cache holds.
constexpr Eigen::Index kCached = 1 << 19;
/// Rows that are copied together, and floats of a cache line.
constexpr std::size_t kTogether = 32;
constexpr std::size_t kLine = 16;

}  // namespace

void GatheredRows::Gather(const FactorMatrix& others, std::span<const Index> rated) {
  const std::size_t count = rated.size();
  const auto stride = static_cast<std::size_t>(others.cols());
  rows_.resize((count + kernels::kWidth - 1) / kernels::kWidth * kernels::kWidth);
  for (std::size_t j = 0; j < rows_.size(); ++j) rows_[j] = RowOf(others, rated[std::min(j, count - 1)]);
  if (others.size() <= kCached) return;
  copies_.resize(std::max(copies_.size(), rows_.size() * stride));
  float* to = copies_.data();
  for (std::size_t begin = 0; begin < rows_.size(); begin += kTogether) {
    const std::span<const float*> together = std::span(rows_).subspan(begin, std::min(kTogether, rows_.size() - begin));
    // Loads alone: the processor has more of them under way at a time than of copies.
    for (const float* row : together) {
      for (std::size_t f = 0; f < stride; f += kLine) touched_ += kernels::Load(row + f);
    }
    for (const float*& row : together) {
      for (std::size_t f = 0; f < stride; f += kernels::kWidth) kernels::Store(to + f, kernels::Load(row + f));
      row = to;
      to += stride;
    }
  }
}

}  // namespace matfac
