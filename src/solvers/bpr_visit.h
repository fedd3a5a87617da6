#pragma once

#include <span>

#include "base/index.h"
#include "base/kernels.h"

namespace matfac {

/// A user, a rated item and one that is not.
struct BprSample {
  Index user;
  Index item;
  Index other;
};

/// The rows that the steps update; `biases` is nullptr in a model without.
struct BprRows {
  float* users;
  float* items;
  float* biases;
  int stride;
  /// The prior means of the rows, stride + 4 numbers each: those of the factors, then that of the bias; nullptr where
  /// they are 0.
  const float* user_means = nullptr;
  const float* item_means = nullptr;

  bool HasMeans() const { return user_means != nullptr || item_means != nullptr; }
};

/// Σ −ln σ(d) = Σ ln(1 + e^−d), with few logarithms, taken of products.
class BprLoss {
 public:
  /// Adds four samples and returns the g of each, 1 − σ(d).
  kernels::Float4 Add(kernels::Float4 differences);
  /// Adds one and returns its g, with the bits that it has among four.
  float Add(float difference);
  double Sum() const;

 private:
  kernels::Float4 OddsOf(kernels::Float4 differences, int count);
  void Multiply(double factor);

  double sum_ = 0.0;
  double product_ = 1.0;
};

/// One step of rate η on each sample, in their order; `keep` is 1 − η λ.
void VisitSamples(std::span<const BprSample> samples, const BprRows& rows, float rate, float keep, BprLoss& sum);

}  // namespace matfac
