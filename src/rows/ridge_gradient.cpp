#include "rows/ridge_gradient.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/row_panel.h"

namespace matfac {
namespace {

/// On MovieLens two steps per half-step lower the objective to within a hundredth of a percent of the closed form; one
/// step lags behind where the regularization is weak.
constexpr int kSteps = 2;

using kernels::Float4;
using kernels::kWidth;

double SumOf(std::span<const float> values) {
  double sum = 0.0;
  for (const float value : values) sum += value;
  return sum;
}

/// c ← c + ((v₀ + v₁) + (v₂ + v₃)), without the repeated rows past the end of the rated ones.
void SumRows(const RowPanel& rows, std::size_t count, float* c, int stride) {
  if (count < kWidth) {
    for (std::size_t r = 0; r < count; ++r) kernels::Axpy(1.0F, rows[r], c, stride);
    return;
  }
  for (int i = 0; i < stride; i += kWidth) {
    const Float4 sum = (kernels::Load(rows[0] + i) + kernels::Load(rows[1] + i)) +
                       (kernels::Load(rows[2] + i) + kernels::Load(rows[3] + i));
    kernels::Store(c + i, kernels::Load(c + i) + sum);
  }
}

/// The numbers of four rated rows, zero past the end.
Float4 KeepFirst(Float4 values, std::size_t count) {
  for (std::size_t r = count; r < kWidth; ++r) values[r] = 0.0F;
  return values;
}

}  // namespace

RidgeGradient::RidgeGradient(int stride, bool biases)
    : stride_(stride), biases_(biases), row_sum_(stride), steps_(stride) {}

void RidgeGradient::Improve(const RidgeRow& row, const float* preconditioner, float* x, float* bias) {
  if (row.rated.empty()) {
    SetToMean(row.mean, x, stride_);
    if (biases_) *bias = 0.0F;
    return;
  }
  Start(row, x);
  const auto curvature = [&](bool last) { return Curvature(row, last); };
  const auto moved = [&](float length) {
    kernels::Axpy(-length, along_.data(), errors_.data(), static_cast<int>(errors_.size()));
  };
  const auto precondition = [&](const float* r, float* y) { Multiply(preconditioner, r, y, stride_); };
  steps_.Run(kSteps, precondition, x, curvature, moved);
  if (biases_) *bias = static_cast<float>(SumOf(errors_) * per_weight_);
}

void RidgeGradient::Start(const RidgeRow& row, const float* x) {
  const std::size_t count = row.rated.size();
  const std::size_t padded = (count + kWidth - 1) / kWidth * kWidth;
  errors_.assign(padded, 0.0F);
  std::ranges::copy(row.targets, errors_.begin());
  along_.resize(padded);
  gathered_.Gather(row.others, row.rated);
  std::ranges::fill(row_sum_, 0.0F);
  std::fill_n(steps_.Residual(), stride_, 0.0F);
  per_weight_ = biases_ ? 1.0F / (static_cast<float>(count) + row.strength.bias) : 0.0F;
  gathered_.ForEachPanel([&](std::size_t j, const RowPanel& rows) {
    const Float4 left = kernels::Load(&errors_[j]) - Dots(rows, x, stride_);
    const Float4 errors = j + kWidth <= count ? left : KeepFirst(left, count - j);
    kernels::Store(&errors_[j], errors);
    AddRows(errors, rows, steps_.Residual(), stride_);
    if (biases_) SumRows(rows, count - j, row_sum_.data(), stride_);
  });
  if (biases_) {
    kernels::Axpy(-static_cast<float>(SumOf(errors_) * per_weight_), row_sum_.data(), steps_.Residual(), stride_);
  }
  kernels::Axpy(-row.strength.factors, x, steps_.Residual(), stride_);
  if (row.mean != nullptr) kernels::Axpy(row.strength.factors, row.mean, steps_.Residual(), stride_);
}

float RidgeGradient::Curvature(const RidgeRow& row, bool last) {
  const std::size_t count = row.rated.size();
  const float lambda = row.strength.factors;
  Float4 sums{};
  Float4 squares{};
  std::fill_n(steps_.Product(), stride_, 0.0F);
  gathered_.ForEachPanel([&](std::size_t j, const RowPanel& rows) {
    const Float4 all = Dots(rows, steps_.Direction(), stride_);
    const Float4 along = j + kWidth <= count ? all : KeepFirst(all, count - j);
    kernels::Store(&along_[j], along);
    sums += along;
    squares += along * along;
    if (!last) AddRows(along, rows, steps_.Product(), stride_);
  });
  const float sum = kernels::Sum(sums);
  if (!last) {
    kernels::Axpy(lambda, steps_.Direction(), steps_.Product(), stride_);
    if (biases_) kernels::Axpy(-sum * per_weight_, row_sum_.data(), steps_.Product(), stride_);
  }
  const float norm = kernels::Dot(steps_.Direction(), steps_.Direction(), stride_);
  return (kernels::Sum(squares) - sum * (sum * per_weight_)) + lambda * norm;
}

}  // namespace matfac
