#include "solvers/bayesian/bayesian_implicit.h"

#include <algorithm>
#include <cmath>

namespace matfac {
namespace {

using kernels::Float4;
using kernels::Load;
using kernels::Splat;
using kernels::Store;

constexpr Index kSliceRows = 1'024;
/// Multiply-adds in a slice, about.
constexpr std::int64_t kSliceWork = 1 << 20;

Float4 Root(Float4 x) { return Float4{std::sqrt(x[0]), std::sqrt(x[1]), std::sqrt(x[2]), std::sqrt(x[3])}; }

}  // namespace

BayesianImplicit::BayesianImplicit(const RatingsSide& side, const RatingsSide& members, const Options& options,
                                   const PriorScale& scale, BayesianUses uses)
    : members_(members),
      factors_(options.model.factors),
      seed_(options.training.seed),
      uses_(uses),
      scale_(scale),
      rows_{.factors = FactorMatrix::Zero(members.RowCount(), StrideOf(factors_)),
            .bias = std::vector<float>(options.model.biases ? members.RowCount() : 0)},
      prior_(StrideOf(factors_)),
      inverse_roots_(side.RowCount()),
      root_sums_(members.RowCount()),
      square_sums_(members.RowCount()),
      noise_(FactorMatrix::Zero(kSliceRows, StrideOf(factors_) + 1)) {
  for (Index x = 0; x < side.RowCount(); ++x) {
    if (side.Count(x) > 0) inverse_roots_[x] = 1.0F / std::sqrt(static_cast<float>(side.Count(x)));
  }
  for (Index j = 0; j < members.RowCount(); ++j) {
    double roots = 0.0;
    double squares = 0.0;
    for (const Index x : members.Row(j).others) {
      roots += inverse_roots_[x];
      squares += 1.0 / static_cast<double>(side.Count(x));
    }
    root_sums_[j] = static_cast<float>(roots);
    square_sums_[j] = static_cast<float>(squares);
  }
}

void BayesianImplicit::DrawPrior(int epoch) {
  matfac::DrawPrior(rows_, factors_, scale_, Random(seed_, StreamOf(uses_.prior, epoch, 0)), prior_);
}

bool BayesianImplicit::Draw(int epoch, BayesianSide& side, Workers& workers, Budget& budget) {
  const int blocks = StrideOf(factors_) / kernels::kWidth;
  while (next_ < members_.RowCount()) {
    const Index begin = next_;
    next_ = SliceEnd(begin);
    DrawNoise(epoch, begin, next_);
    workers.ForEachBlock(blocks + (rows_.bias.empty() ? 0 : 1), [&](Index block, int /*worker*/) {
      if (block < blocks) {
        DrawFactors(block, begin, next_, side);
      } else {
        DrawBiases(begin, next_, side);
      }
    });
    const Offset visits = members_.Begin(next_) - members_.Begin(begin) + (next_ - begin) * Offset{8};
    if (budget.Spend(static_cast<std::int64_t>(visits) * 4 * (StrideOf(factors_) + 4) / workers.Count())) break;
  }
  if (next_ < members_.RowCount()) return false;
  next_ = 0;
  return true;
}

Index BayesianImplicit::SliceEnd(Index begin) const {
  const Index limit = std::min(members_.RowCount(), begin + kSliceRows);
  Index end = begin + 1;
  while (end < limit && (members_.Begin(end) - members_.Begin(begin)) * 2 * StrideOf(factors_) < kSliceWork) ++end;
  return end;
}

void BayesianImplicit::DrawNoise(int epoch, Index begin, Index end) {
  for (Index j = begin; j < end; ++j) {
    Random random(seed_, StreamOf(uses_.rows, epoch, j));
    float* noise = RowOf(noise_, j - begin);
    for (int f = 0; f < factors_; ++f) noise[f] = static_cast<float>(random.Normal());
    if (!rows_.bias.empty()) noise[StrideOf(factors_)] = static_cast<float>(random.Normal());
  }
}

void BayesianImplicit::DrawFactors(int block, Index begin, Index end, BayesianSide& side) {
  const int column = block * kernels::kWidth;
  FactorMatrix& own = side.Own().factors;
  const Float4 row_mean = Load(side.Prior().mean.data() + column);
  const Float4 row_precision = Load(side.Prior().precision.data() + column);
  const Float4 precision = Load(prior_.precision.data() + column);
  const Float4 prior_part = precision * Load(prior_.mean.data() + column);
  for (Index j = begin; j < end; ++j) {
    const std::span<const Index> rows = members_.Row(j).others;
    Float4 sum{};
    for (const Index x : rows) sum += Splat(inverse_roots_[x]) * Load(RowOf(own, x) + column);
    float* y = RowOf(rows_.factors, j) + column;
    const Float4 before = Load(y);
    const Float4 weight = Splat(square_sums_[j]);
    const Float4 peak = precision + row_precision * weight;
    const Float4 data = row_precision * (sum - row_mean * Splat(root_sums_[j]) + before * weight);
    const Float4 drawn = (data + prior_part) / peak + Load(RowOf(noise_, j - begin) + column) / Root(peak);
    Store(y, drawn);
    const Float4 change = before - drawn;
    for (const Index x : rows) {
      float* rest = RowOf(own, x) + column;
      Store(rest, Load(rest) + Splat(inverse_roots_[x]) * change);
    }
  }
}

void BayesianImplicit::DrawBiases(Index begin, Index end, BayesianSide& side) {
  std::vector<float>& own = side.Own().bias;
  const float row_mean = side.Prior().bias_mean;
  const float row_precision = side.Prior().bias_precision;
  for (Index j = begin; j < end; ++j) {
    const std::span<const Index> rows = members_.Row(j).others;
    float sum = 0.0F;
    for (const Index x : rows) sum += inverse_roots_[x] * own[x];
    const float before = rows_.bias[j];
    const float peak = prior_.bias_precision + row_precision * square_sums_[j];
    const float data = row_precision * (sum - row_mean * root_sums_[j] + before * square_sums_[j]);
    rows_.bias[j] = (data + prior_.bias_precision * prior_.bias_mean) / peak +
                    noise_(j - begin, StrideOf(factors_)) / std::sqrt(peak);
    const float change = before - rows_.bias[j];
    for (const Index x : rows) own[x] += inverse_roots_[x] * change;
  }
}

}  // namespace matfac
