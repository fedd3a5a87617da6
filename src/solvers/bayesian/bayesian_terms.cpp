#include "solvers/bayesian/bayesian_terms.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

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

/// The rows that have each column, and their values.
RatingsSide ByColumn(const Features& features) {
  std::vector<Offset> offsets(features.ColumnCount() + 1);
  for (Index row = 0; row < features.RowCount(); ++row) {
    for (const Index column : features.Row(row).columns) ++offsets[column + 1];
  }
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  std::vector<Index> rows(offsets.back());
  std::vector<float> values(offsets.back());
  std::vector<Offset> next(offsets.begin(), offsets.end() - 1);
  for (Index row = 0; row < features.RowCount(); ++row) {
    const FeaturesRow given = features.Row(row);
    for (std::size_t n = 0; n < given.columns.size(); ++n) {
      const Offset to = next[given.columns[n]]++;
      rows[to] = row;
      values[to] = given.values[n];
    }
  }
  return {std::move(offsets), std::move(rows), std::move(values)};
}

}  // namespace

BayesianTerms::BayesianTerms(Index count, Index side_count, const Options& options, const PriorScale& scale,
                             BayesianUses uses)
    : members_(&own_members_),
      side_count_(side_count),
      factors_(options.model.factors),
      seed_(options.training.seed),
      uses_(uses),
      scale_(scale),
      rows_{.factors = FactorMatrix::Zero(count, StrideOf(factors_)),
            .bias = std::vector<float>(options.model.biases ? count : 0)},
      prior_(StrideOf(factors_)),
      sums_(count),
      square_sums_(count),
      noise_(FactorMatrix::Zero(kSliceRows, StrideOf(factors_) + 1)) {}

BayesianTerms::BayesianTerms(const RatingsSide& side, const RatingsSide& members, const Options& options,
                             const PriorScale& scale, BayesianUses uses)
    : BayesianTerms(members.RowCount(), side.RowCount(), options, scale, uses) {
  members_ = &members;
  inverse_roots_.resize(side.RowCount());
  for (Index x = 0; x < side.RowCount(); ++x) {
    if (side.Count(x) > 0) inverse_roots_[x] = 1.0F / std::sqrt(static_cast<float>(side.Count(x)));
  }
  Sum();
}

BayesianTerms::BayesianTerms(const Features& features, const Options& options, const PriorScale& scale,
                             BayesianUses uses)
    : BayesianTerms(features.ColumnCount(), features.RowCount(), options, scale, uses) {
  own_members_ = ByColumn(features);
  Sum();
}

void BayesianTerms::Sum() {
  for (Index j = 0; j < members_->RowCount(); ++j) {
    const RatingsRow members = members_->Row(j);
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t n = 0; n < members.others.size(); ++n) {
      const double weight = Weight(members, n);
      sum += weight;
      squares += weight * weight;
    }
    sums_[j] = static_cast<float>(sum);
    square_sums_[j] = static_cast<float>(squares);
  }
}

BayesianTerms::Moments BayesianTerms::MomentsOf(Index j) const {
  const float share = 1.0F / static_cast<float>(side_count_);
  const float mean = share * sums_[j];
  return {.mean = mean, .variance = share * square_sums_[j] - mean * mean};
}

NormalPrior BayesianTerms::WithUnknown(NormalPrior prior) const {
  const auto add = [](float y, const Moments& w, float& mean, float& precision) {
    mean += y * w.mean;
    precision = 1.0F / (1.0F / precision + y * y * w.variance);
  };
  for (Index j = 0; j < members_->RowCount(); ++j) {
    const Moments w = MomentsOf(j);
    for (int f = 0; f < factors_; ++f) add(rows_.factors(j, f), w, prior.mean[f], prior.precision[f]);
    if (!rows_.bias.empty()) add(rows_.bias[j], w, prior.bias_mean, prior.bias_precision);
  }
  return prior;
}

void BayesianTerms::DrawPrior(int epoch) {
  matfac::DrawPrior(rows_, factors_, scale_, Random(seed_, StreamOf(uses_.prior, epoch, 0)), prior_);
}

bool BayesianTerms::Draw(int epoch, BayesianSide& side, Workers& workers, Budget& budget) {
  if (next_ == 0) DrawPrior(epoch);
  const int blocks = StrideOf(factors_) / kernels::kWidth;
  while (next_ < members_->RowCount()) {
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
    const Offset visits = members_->Begin(next_) - members_->Begin(begin) + (next_ - begin) * Offset{8};
    if (budget.Spend(static_cast<std::int64_t>(visits) * 4 * (StrideOf(factors_) + 4) / workers.Count())) break;
  }
  if (next_ < members_->RowCount()) return false;
  next_ = 0;
  return true;
}

Index BayesianTerms::SliceEnd(Index begin) const {
  const Index limit = std::min(members_->RowCount(), begin + kSliceRows);
  Index end = begin + 1;
  while (end < limit && (members_->Begin(end) - members_->Begin(begin)) * 2 * StrideOf(factors_) < kSliceWork) ++end;
  return end;
}

void BayesianTerms::DrawNoise(int epoch, Index begin, Index end) {
  for (Index j = begin; j < end; ++j) {
    Random random(seed_, StreamOf(uses_.rows, epoch, j));
    float* noise = RowOf(noise_, j - begin);
    for (int f = 0; f < factors_; ++f) noise[f] = static_cast<float>(random.Normal());
    if (!rows_.bias.empty()) noise[StrideOf(factors_)] = static_cast<float>(random.Normal());
  }
}

void BayesianTerms::DrawFactors(int block, Index begin, Index end, BayesianSide& side) {
  const int column = block * kernels::kWidth;
  FactorMatrix& own = side.Own().factors;
  const Float4 row_mean = Load(side.Prior().mean.data() + column);
  const Float4 row_precision = Load(side.Prior().precision.data() + column);
  const Float4 precision = Load(prior_.precision.data() + column);
  const Float4 prior_part = precision * Load(prior_.mean.data() + column);
  for (Index j = begin; j < end; ++j) {
    const RatingsRow members = members_->Row(j);
    Float4 sum{};
    for (std::size_t n = 0; n < members.others.size(); ++n) {
      sum += Splat(Weight(members, n)) * Load(RowOf(own, members.others[n]) + column);
    }
    float* y = RowOf(rows_.factors, j) + column;
    const Float4 before = Load(y);
    const Float4 weight = Splat(square_sums_[j]);
    const Float4 peak = precision + row_precision * weight;
    const Float4 data = row_precision * (sum - row_mean * Splat(sums_[j]) + before * weight);
    const Float4 drawn = (data + prior_part) / peak + Load(RowOf(noise_, j - begin) + column) / Root(peak);
    Store(y, drawn);
    const Float4 change = before - drawn;
    for (std::size_t n = 0; n < members.others.size(); ++n) {
      float* rest = RowOf(own, members.others[n]) + column;
      Store(rest, Load(rest) + Splat(Weight(members, n)) * change);
    }
  }
}

void BayesianTerms::DrawBiases(Index begin, Index end, BayesianSide& side) {
  std::vector<float>& own = side.Own().bias;
  const float row_mean = side.Prior().bias_mean;
  const float row_precision = side.Prior().bias_precision;
  for (Index j = begin; j < end; ++j) {
    const RatingsRow members = members_->Row(j);
    float sum = 0.0F;
    for (std::size_t n = 0; n < members.others.size(); ++n) sum += Weight(members, n) * own[members.others[n]];
    const float before = rows_.bias[j];
    const float peak = prior_.bias_precision + row_precision * square_sums_[j];
    const float data = row_precision * (sum - row_mean * sums_[j] + before * square_sums_[j]);
    rows_.bias[j] = (data + prior_.bias_precision * prior_.bias_mean) / peak +
                    noise_(j - begin, StrideOf(factors_)) / std::sqrt(peak);
    const float change = before - rows_.bias[j];
    for (std::size_t n = 0; n < members.others.size(); ++n) own[members.others[n]] += Weight(members, n) * change;
  }
}

}  // namespace matfac
