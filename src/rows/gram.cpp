#include "rows/gram.h"

#include <algorithm>

#include "base/positive_definite.h"

namespace matfac {
namespace {

/// Multiply-adds of a block, and the fewest rows it has: a block also costs a pass over its sums.
constexpr Index kBlockWork = 1 << 23;
constexpr Index kLeastRows = 128;
/// Rows summed in float32 before they go into the double sums.
constexpr Index kFloatRows = 128;
/// Blocks in flight for each worker.
constexpr Index kBlocksPerWorker = 2;

}  // namespace

Gram::Gram(int stride)
    : stride_(stride),
      block_rows_(std::max(kLeastRows, kBlockWork / (stride * stride) / kFloatRows * kFloatRows)),
      sum_(static_cast<std::size_t>(stride) * stride),
      matrix_(sum_.size()) {}

bool Gram::Work(const StoredRows& factors, Workers& workers, Budget& budget) {
  const auto rows = factors.Count();
  Prepare(workers);
  while (next_row_ < rows) {
    const Index count = AddFlight(factors, workers);
    if (budget.Spend(std::int64_t{count} * stride_ * (stride_ + 4) / 2 / workers.Count())) break;
  }
  if (next_row_ < rows) return false;
  Finish();
  return true;
}

void Gram::Sum(const StoredRows& factors) {
  Workers alone(1);
  next_row_ = 0;
  Prepare(alone);
  while (next_row_ < factors.Count()) AddFlight(factors, alone);
  Finish();
}

void Gram::SetDiagonal(const float* diagonal) {
  std::ranges::fill(sum_, 0.0);
  for (int i = 0; i < stride_; ++i) sum_[i * stride_ + i] = diagonal[i];
  Finish();
}

void Gram::Prepare(const Workers& workers) {
  partial_.resize(kBlocksPerWorker * workers.Count(), std::vector<double>(sum_.size()));
  block_sums_.resize(workers.Count(), std::vector<float>(sum_.size()));
  if (next_row_ == 0) std::ranges::fill(sum_, 0.0);
}

Index Gram::AddFlight(const StoredRows& factors, Workers& workers) {
  const auto rows = factors.Count();
  const Index first = next_row_;
  const Index blocks = std::min(static_cast<Index>(partial_.size()), (rows - first + block_rows_ - 1) / block_rows_);
  workers.ForEachBlock(blocks,
                       [&](Index block, int worker) { AddBlock(factors, first + block * block_rows_, block, worker); });
  for (Index block = 0; block < blocks; ++block) {
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += partial_[block][i];
  }
  next_row_ = std::min(rows, first + blocks * block_rows_);
  return next_row_ - first;
}

void Gram::AddBlock(const StoredRows& factors, Index first_row, int slot, int worker) {
  std::vector<double>& partial = partial_[slot];
  std::vector<float>& sums = block_sums_[worker];
  const Index end = std::min(factors.Count(), first_row + block_rows_);
  std::ranges::fill(partial, 0.0);
  std::vector<float> room;
  for (Index row = first_row; row < end; row += kFloatRows) {
    std::ranges::fill(sums, 0.0F);
    const Index count = std::min(kFloatRows, end - row);
    kernels::AddOuterProducts(sums.data(), factors.Rows(row, count, room), count, stride_);
    for (std::size_t i = 0; i < sums.size(); ++i) partial[i] += sums[i];
  }
}

void Gram::Finish() {
  next_row_ = 0;
  for (int i = 0; i < stride_; ++i) {
    for (int j = i; j < stride_; ++j) {
      matrix_[i * stride_ + j] = matrix_[j * stride_ + i] = static_cast<float>(sum_[i * stride_ + j]);
    }
  }
}

double Gram::Dot(const Gram& other) const {
  double off_diagonal = 0.0;
  double diagonal = 0.0;
  for (int i = 0; i < stride_; ++i) {
    const int row = i * stride_;
    diagonal += sum_[row + i] * other.sum_[row + i];
    for (int j = i + 1; j < stride_; ++j) off_diagonal += sum_[row + j] * other.sum_[row + j];
  }
  return diagonal + 2.0 * off_diagonal;
}

Gram GramOf(const StoredRows& factors) {
  Gram gram(factors.Stride());
  gram.Sum(factors);
  return gram;
}

}  // namespace matfac
