/// The limits of this machine with the 4-wide vectors of the build, as one line of JSON: the multiply-add peak in
/// GFLOP/s, the read bandwidth in GB/s, and the part of the peak that the rank-k update A ← A + Σ x xᵀ reaches at
/// common strides (GFLOP/s of the n k (k + 1) that it needs). Each is the best of several tries: a limit was reached at
/// least once.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "base/kernels.h"
#include "base/positive_definite.h"

namespace {

using matfac::kernels::AddOuterProducts;
using matfac::kernels::Float4;
using matfac::kernels::Load;
using matfac::kernels::MultiplyAdd;
using matfac::kernels::Splat;
using matfac::kernels::Sum;

constexpr int kChains = 10;
volatile float sink = 0.0F;

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Not inlined: an engine optimizes a WebAssembly function only when it is called repeatedly.

/// Independent chains x ← x · m + c, enough of them to hide the latency.
[[gnu::noinline]] double PeakOnce() {
  constexpr int kRounds = 300'000;
  const Float4 m = Splat(0.999F + sink);
  const Float4 c = Splat(0.5F + sink);
  Float4 x[kChains];
  for (int i = 0; i < kChains; ++i) x[i] = Splat(static_cast<float>(i) + sink);
  const double start = Seconds();
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kChains; ++i) x[i] = MultiplyAdd(x[i], m, c);
  }
  const double seconds = Seconds() - start;
  float sum = 0.0F;
  for (const Float4& chain : x) sum += Sum(chain);
  sink = sum * 1e-30F;
  return 2.0 * 4.0 * kChains * kRounds / seconds;
}

[[gnu::noinline]] double BandwidthOnce(const std::vector<float>& values) {
  Float4 sums[4] = {};
  const double start = Seconds();
  for (std::size_t i = 0; i < values.size(); i += 16) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += Load(values.data() + i + 4 * lane);
  }
  const double seconds = Seconds() - start;
  sink = Sum((sums[0] + sums[1]) + (sums[2] + sums[3])) * 1e-30F;
  return static_cast<double>(values.size() * sizeof(float)) / seconds;
}

/// As the solvers do it: 64 gathered rows at a time, which stay in the first-level cache.
[[gnu::noinline]] double OuterProductsOnce(std::vector<float>& matrix, const std::vector<float>& rows, int stride) {
  constexpr int kRows = 64;
  const int rounds = 40'000'000 / (kRows * stride * stride);
  const double start = Seconds();
  for (int round = 0; round < rounds; ++round) AddOuterProducts(matrix.data(), rows.data(), kRows, stride);
  const double seconds = Seconds() - start;
  sink = matrix[0] * 1e-30F;
  return static_cast<double>(rounds) * kRows * stride * (stride + 1) / seconds;
}

double OuterProducts(int stride) {
  std::vector<float> matrix(static_cast<std::size_t>(stride) * stride, 0.0F);
  const std::vector<float> rows(static_cast<std::size_t>(64) * stride, 0.001F);
  double best = 0.0;
  for (int i = 0; i < 20; ++i) best = std::max(best, OuterProductsOnce(matrix, rows, stride));
  return best;
}

}  // namespace

int main() {
  double peak = 0.0;
  for (int i = 0; i < 60; ++i) peak = std::max(peak, PeakOnce());
  const std::vector<float> values(64'000'000, 0.5F);
  double bandwidth = 0.0;
  for (int i = 0; i < 6; ++i) bandwidth = std::max(bandwidth, BandwidthOnce(values));
  std::printf("{\"gflops\": %.2f, \"gigabytesPerSecond\": %.2f, \"outerProductGflops\": {", peak * 1e-9,
              bandwidth * 1e-9);
  for (const int stride : {16, 32, 64, 128}) {
    std::printf("%s\"%d\": %.2f", stride == 16 ? "" : ", ", stride, OuterProducts(stride) * 1e-9);
  }
  std::printf("}}\n");
  return 0;
}
