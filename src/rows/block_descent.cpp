#include "rows/block_descent.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/kernels.h"
#include "base/positive_definite.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

/// Coordinates solved together. The Hessian of a larger block costs more than the larger block gains.
constexpr int kBlock = 8;

using kernels::Float4;
using kernels::kWidth;

/// y ← y + Σ_j e_j w_j over `count` rows of 4 · kVectors.
template <int kVectors>
void AddWeightedRows(const float* rows, const float* weights, int count, float* y) {
  Float4 sums[kVectors];
  for (int c = 0; c < kVectors; ++c) sums[c] = kernels::Load(y + c * kWidth);
  for (int j = 0; j < count; ++j) {
    const Float4 weight = kernels::Splat(weights[j]);
    for (int c = 0; c < kVectors; ++c) sums[c] += weight * kernels::Load(rows + (j * kVectors + c) * kWidth);
  }
  for (int c = 0; c < kVectors; ++c) kernels::Store(y + c * kWidth, sums[c]);
}

/// e_j ← e_j − δ·w_j over `count` rows of 4 · kVectors.
template <int kVectors>
void SubtractProducts(const float* rows, const float* step, int count, float* residuals) {
  Float4 factors[kVectors];
  for (int c = 0; c < kVectors; ++c) factors[c] = kernels::Load(step + c * kWidth);
  const auto products = [&](int j) {
    Float4 sum = factors[0] * kernels::Load(rows + j * kVectors * kWidth);
    for (int c = 1; c < kVectors; ++c) sum += factors[c] * kernels::Load(rows + (j * kVectors + c) * kWidth);
    return sum;
  };
  int j = 0;
  for (; j + 4 <= count; j += 4) {
    const Float4 sums = kernels::Sums(products(j), products(j + 1), products(j + 2), products(j + 3));
    kernels::Store(residuals + j, kernels::Load(residuals + j) - sums);
  }
  for (; j < count; ++j) residuals[j] -= kernels::Sum(products(j));
}

}  // namespace

BlockDescent::BlockDescent(int stride) : stride_(stride) {}

double BlockDescent::Improve(const ImplicitRow& row, float* x) {
  Gather(row.others, row.observed, [&](std::size_t j, const float* other) {
    const float root = std::sqrt(row.weights[j]);
    residuals_[j] = root * (1.0F - kernels::Dot(other, x, stride_));
    return root;
  });
  SolveBlocks(row.gram, {row.regularization, row.mean}, x);
  double loss = 0.0;
  for (const float residual : residuals_) loss += static_cast<double>(residual) * residual;
  return loss;
}

void BlockDescent::Improve(const RidgeRow& row, float* x, float* bias) {
  if (row.rated.empty()) {
    SetToMean(row.mean, x, stride_);
    if (bias != nullptr) *bias = 0.0F;
    return;
  }
  const float start = bias == nullptr ? 0.0F : *bias;
  Gather(row.others, row.rated, [&](std::size_t j, const float* other) {
    residuals_[j] = row.targets[j] - start - kernels::Dot(other, x, stride_);
    return 1.0F;
  });
  if (bias != nullptr) SolveBias(row.strength.bias, *bias);
  SolveBlocks(nullptr, {row.strength.factors, row.mean}, x);
  if (bias != nullptr) SolveBias(row.strength.bias, *bias);
}

void BlockDescent::SolveBias(float regularization, float& bias) {
  double sum = 0.0;
  for (const float residual : residuals_) sum += residual;
  const double gradient = sum - static_cast<double>(regularization) * bias;
  const auto step = static_cast<float>(gradient / (static_cast<double>(residuals_.size()) + regularization));
  bias += step;
  for (float& residual : residuals_) residual -= step;
}

template <typename Begin>
void BlockDescent::Gather(const FactorMatrix& others, std::span<const Index> rated, const Begin& begin_row) {
  const std::size_t count = rated.size();
  scaled_.resize(std::max(scaled_.size(), count * stride_));
  residuals_.resize(count);
  for (std::size_t j = 0; j < count; ++j) {
    const float* from = RowOf(others, rated[j]);
    const float root = begin_row(j, from);
    for (int begin = 0; begin < stride_; begin += kBlock) {
      const int width = std::min(kBlock, stride_ - begin);
      float* to = scaled_.data() + begin * count + j * width;
      for (int c = 0; c < width; c += kWidth) {
        kernels::Store(to + c, kernels::Splat(root) * kernels::Load(from + begin + c));
      }
    }
  }
}

void BlockDescent::SolveBlocks(const float* gram, const Pull& pull, float* x) {
  for (int begin = 0; begin < stride_; begin += kBlock) {
    SolveBlock(gram, pull, begin, std::min(kBlock, stride_ - begin), x);
  }
}

void BlockDescent::SolveBlock(const float* gram, const Pull& pull, int begin, int width, float* x) {
  const int count = static_cast<int>(residuals_.size());
  const float* rows = scaled_.data() + static_cast<std::size_t>(begin) * count;
  std::array<float, kBlock * kBlock> hessian{};
  std::array<float, kBlock> step{};
  for (int i = 0; i < width; ++i) {
    float explained = 0.0F;
    if (gram != nullptr) {
      const float* gram_row = gram + (begin + i) * stride_;
      std::copy_n(gram_row + begin, width, hessian.data() + i * width);
      explained = kernels::Dot(gram_row, x, stride_);
    }
    hessian[i * width + i] += pull.strength;
    step[i] = -(explained + pull.strength * x[begin + i]);
    if (pull.mean != nullptr) step[i] += pull.strength * pull.mean[begin + i];
  }
  kernels::AddOuterProducts(hessian.data(), rows, count, width);
  const bool whole = width == kBlock;
  (whole ? AddWeightedRows<kBlock / kWidth> : AddWeightedRows<1>)(rows, residuals_.data(), count, step.data());
  if (!kernels::Factorize(hessian.data(), width)) ThrowSingular(count);
  kernels::SolveFactorized(hessian.data(), step.data(), width);
  for (int i = 0; i < width; ++i) x[begin + i] += step[i];
  (whole ? SubtractProducts<kBlock / kWidth> : SubtractProducts<1>)(rows, step.data(), count, residuals_.data());
}

}  // namespace matfac
