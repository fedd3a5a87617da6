#include "solvers/bpr_visit.h"

#include <cmath>
#include <cstddef>

#include "base/exp_kernel.h"
#include "base/portable_math.h"

namespace matfac {
namespace {

using kernels::Any;
using kernels::Float4;
using kernels::Int4;
using kernels::kWidth;

/// Beyond this −d a float's e^−d is near its end, and ln(1 + e^−d) is −d to its last bit.
constexpr float kFar = 80.0F;

struct Visitor {
  BprRows rows;
  float rate;
  float keep;

  float* User(const BprSample& sample) const { return rows.users + std::ptrdiff_t{sample.user} * rows.stride; }
  float* Item(Index item) const { return rows.items + std::ptrdiff_t{item} * rows.stride; }

  /// Four sums that add up to u·(v − w).
  Float4 Products(const BprSample& sample) const {
    return kernels::DifferenceProducts(User(sample), Item(sample.item), Item(sample.other), rows.stride);
  }

  float BiasDifference(const BprSample& sample) const {
    return rows.biases == nullptr ? 0.0F : rows.biases[sample.item] - rows.biases[sample.other];
  }

  void Update(const BprSample& sample, float step) const {
    kernels::UpdateTriple(User(sample), Item(sample.item), Item(sample.other), step, keep, rows.stride);
    if (rows.biases != nullptr) {
      rows.biases[sample.item] = keep * rows.biases[sample.item] + step;
      rows.biases[sample.other] = keep * rows.biases[sample.other] - step;
    }
    if (rows.HasMeans()) PullToMeans(sample);
  }

  /// What the decay of a row leaves out where its prior mean is not 0.
  [[gnu::noinline]] void PullToMeans(const BprSample& sample) const {
    const float pull = 1.0F - keep;
    const std::ptrdiff_t width = rows.stride + kWidth;
    if (rows.user_means != nullptr) {
      kernels::Axpy(pull, rows.user_means + sample.user * width, User(sample), rows.stride);
    }
    if (rows.item_means == nullptr) return;
    for (const Index item : {sample.item, sample.other}) {
      const float* const mean = rows.item_means + item * width;
      kernels::Axpy(pull, mean, Item(item), rows.stride);
      if (rows.biases != nullptr) rows.biases[item] += pull * mean[rows.stride];
    }
  }

  void Visit(const BprSample& sample, BprLoss& loss) const {
    const float difference = kernels::Sum(Products(sample)) + BiasDifference(sample);
    Update(sample, rate * loss.Add(difference));
  }

  /// Needs samples that have no row in common.
  void VisitFour(const BprSample* samples, BprLoss& loss) const {
    const Float4 biases = {BiasDifference(samples[0]), BiasDifference(samples[1]), BiasDifference(samples[2]),
                           BiasDifference(samples[3])};
    const Float4 products =
        kernels::Sums(Products(samples[0]), Products(samples[1]), Products(samples[2]), Products(samples[3]));
    const Float4 steps = kernels::Splat(rate) * loss.Add(products + biases);
    for (int n = 0; n < kWidth; ++n) Update(samples[n], steps[n]);
  }
};

/// True when no row is in two of the four samples.
bool AreApart(const BprSample* s) {
  const Int4 users = {s[0].user, s[1].user, s[2].user, s[3].user};
  const Int4 items = {s[0].item, s[1].item, s[2].item, s[3].item};
  const Int4 others = {s[0].other, s[1].other, s[2].other, s[3].other};
  const auto next = [](Int4 x) { return __builtin_shufflevector(x, x, 1, 2, 3, 0); };
  const auto second = [](Int4 x) { return __builtin_shufflevector(x, x, 2, 3, 0, 1); };
  const auto third = [](Int4 x) { return __builtin_shufflevector(x, x, 3, 0, 1, 2); };
  const auto repeat = [&](Int4 x) { return (x == next(x)) | (x == second(x)); };
  return !Any(repeat(users) | repeat(items) | repeat(others) | (items == next(others)) | (items == second(others)) |
              (items == third(others)));
}

}  // namespace

void BprLoss::Multiply(double factor) {
  constexpr double kLarge = 1e150;  // times four factors of e⁸⁰ still a double
  product_ *= factor;
  if (product_ > kLarge) {
    sum_ += Log(product_);
    product_ = 1.0;
  }
}

Float4 BprLoss::OddsOf(Float4 differences, int count) {
  constexpr float kNear = -87.0F;
  Float4 x = -differences;
  const Float4 far = kernels::Splat(kFar);
  if (Any(x > far)) {
    for (int n = 0; n < count; ++n) {
      if (x[n] > kFar) sum_ += x[n] - kFar;
    }
  }
  // A NaN stays.
  x = x > far ? far : x;
  x = x < kernels::Splat(kNear) ? kernels::Splat(kNear) : x;
  return kernels::Exp(x);
}

Float4 BprLoss::Add(Float4 differences) {
  const Float4 odds = OddsOf(differences, kWidth);
  const Float4 sums = kernels::Splat(1.0F) + odds;
  Multiply((static_cast<double>(sums[0]) * sums[1]) * (static_cast<double>(sums[2]) * sums[3]));
  return odds / sums;
}

float BprLoss::Add(float difference) {
  const Float4 odds = OddsOf(kernels::Splat(difference), 1);
  Multiply(1.0F + odds[0]);
  return odds[0] / (1.0F + odds[0]);
}

double BprLoss::Sum() const { return std::isnan(product_) ? product_ : sum_ + Log(product_); }

void VisitSamples(std::span<const BprSample> samples, const BprRows& rows, float rate, float keep, BprLoss& sum) {
  const Visitor visitor{.rows = rows, .rate = rate, .keep = keep};
  // Threads add to sums that share a cache line, which each of them would wait for.
  BprLoss loss = sum;
  std::size_t n = 0;
  for (; n + kWidth <= samples.size(); n += kWidth) {
    const BprSample* const four = &samples[n];
    if (AreApart(four)) {
      visitor.VisitFour(four, loss);
    } else {
      for (int i = 0; i < kWidth; ++i) visitor.Visit(four[i], loss);
    }
  }
  for (; n < samples.size(); ++n) visitor.Visit(samples[n], loss);
  sum = loss;
}

}  // namespace matfac
