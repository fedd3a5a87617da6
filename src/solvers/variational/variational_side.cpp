#include "solvers/variational/variational_side.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/portable_math.h"
#include "rows/ridge.h"

namespace matfac {

VariationalSide::VariationalSide(const RatingsSide& side, const Features& features, int factors, const RowPrior& prior,
                                 int workers)
    : side_(side),
      entries_(factors + 1),
      stride_(StrideOf(entries_)),
      layout_(factors),
      prior_(prior),
      columns_(FactorMatrix::Zero(side.RowCount(), StrideOf(prior.Columns()))),
      variances_(FactorMatrix::Zero(side.RowCount(), entries_)),
      records_(FactorMatrix::Zero(side.RowCount(), layout_.length)),
      energy_(side.RowCount()),
      gram_(StrideOf(prior.Columns())) {
  if (!features.IsEmpty()) {
    slopes_ = std::make_unique<FeatureSlopes>(features, entries_);
    residuals_ = columns_;
  }
  const std::vector<float> square(static_cast<std::size_t>(stride_) * stride_);
  scratch_ = ForWorkers<Scratch>(workers, [&] {
    return Scratch{.targets = {},
                   .moments = std::vector<float>(layout_.length),
                   .weighted = std::vector<float>(layout_.head),
                   .matrix = square,
                   .right = std::vector<float>(stride_),
                   .prior = std::vector<float>(entries_),
                   .lower = square,
                   .covariance = square,
                   .mean = std::vector<float>(stride_)};
  });
  for (Index row = 0; row < side.RowCount(); ++row) {
    columns_(row, 0) = 1.0F;
    columns_(row, prior.Features() - 1) = static_cast<float>(Log(1.0 + static_cast<double>(side.Count(row))));
  }
}

void VariationalSide::Start(const FactorMatrix& factors, const std::vector<float>& bias, float variance) {
  std::vector<float> covariance(static_cast<std::size_t>(stride_) * stride_);
  for (int d = 0; d < entries_; ++d) covariance[d * stride_ + d] = variance;
  for (Index row = 0; row < side_.RowCount(); ++row) {
    float* means = RowOf(columns_, row) + prior_.Features();
    std::copy_n(RowOf(factors, row), layout_.factors, means);
    means[layout_.factors] = bias[row];
    WriteRecord(row, covariance.data());
  }
}

VariationalSide::RowSums VariationalSide::Improve(Index row, const FactorMatrix& other_records,
                                                  const Standard& standard, float precision, int worker) {
  Scratch& scratch = scratch_[worker];
  const double squares = SumRecords(row, other_records, standard, scratch);
  BuildSystem(row, precision, scratch);
  float* const covariance = scratch.covariance.data();
  if (!SolveRow(scratch.matrix.data(), scratch.right.data(), stride_, scratch.lower.data(), covariance,
                scratch.mean.data())) {
    ThrowSingular(static_cast<std::size_t>(side_.Count(row)));
  }
  float* means = RowOf(columns_, row) + prior_.Features();
  std::copy_n(scratch.mean.data(), entries_, means);
  LogSum roots;
  double energy = -entries_;
  for (int d = 0; d < entries_; ++d) {
    const double away = means[d] - scratch.prior[d];
    energy += prior_.Precisions()[d] * (away * away + covariance[d * stride_ + d]);
    roots.Add(scratch.matrix[d * stride_ + d]);
  }
  energy_[row] = 0.5 * energy + roots.Result();
  if (slopes_) WriteResiduals(row);
  WriteRecord(row, covariance);
  return {.moments = scratch.moments, .weighted = scratch.weighted, .squares = squares};
}

double VariationalSide::SumRecords(Index row, const FactorMatrix& records, const Standard& standard,
                                   Scratch& scratch) const {
  const RatingsRow ratings = side_.Row(row);
  const Offset begin = side_.Begin(row);
  scratch.targets.resize(ratings.values.size());
  double squares = 0.0;
  for (std::size_t j = 0; j < scratch.targets.size(); ++j) {
    const float rating = standard.Of(ratings.values[j]) - moods_.Of(begin + static_cast<Offset>(j));
    scratch.targets[j] = rating;
    squares += static_cast<double>(rating) * rating;
  }
  std::ranges::fill(scratch.moments, 0.0F);
  std::ranges::fill(scratch.weighted, 0.0F);
  AddRecords(records, ratings.others, scratch.targets, layout_, scratch.moments.data(), scratch.weighted.data());
  return squares;
}

void VariationalSide::BuildSystem(Index row, float precision, Scratch& scratch) const {
  const int factors = layout_.factors;
  const float* sums = scratch.moments.data();
  const float* second = sums + layout_.second;
  float* matrix = scratch.matrix.data();
  std::ranges::fill(scratch.matrix, 0.0F);
  for (int i = 0; i < factors; ++i) {
    for (int j = i; j < factors; ++j) matrix[i * stride_ + j] = precision * *second++;
    matrix[i * stride_ + factors] = precision * sums[i];
    scratch.right[i] = precision * (scratch.weighted[i] - sums[layout_.cross + i]);
  }
  matrix[factors * stride_ + factors] = precision * sums[layout_.ones];
  scratch.right[factors] = precision * (scratch.weighted[layout_.ones] - sums[layout_.BiasMean()]);
  prior_.MeansOf(RowOf(columns_, row), scratch.prior.data());
  if (slopes_) slopes_->AddMeans(row, 1.0F, scratch.prior.data());
  for (int d = 0; d < entries_; ++d) {
    matrix[d * stride_ + d] += prior_.Precisions()[d];
    scratch.right[d] += prior_.Precisions()[d] * scratch.prior[d];
  }
  for (int d = entries_; d < stride_; ++d) matrix[d * stride_ + d] = 1.0F;
}

void VariationalSide::WriteRecord(Index row, const float* covariance) {
  const int factors = layout_.factors;
  const float* m = Means(row);
  const float bias = m[factors];
  float* record = RowOf(records_, row);
  int second = layout_.second;
  for (int i = 0; i < factors; ++i) {
    record[i] = m[i];
    record[layout_.cross + i] = m[i] * bias + covariance[i * stride_ + factors];
    for (int j = i; j < factors; ++j) record[second++] = m[i] * m[j] + covariance[i * stride_ + j];
  }
  record[layout_.ones] = 1.0F;
  record[layout_.BiasMean()] = bias;
  record[layout_.BiasSquare()] = bias * bias + covariance[factors * stride_ + factors];
  for (int d = 0; d < entries_; ++d) variances_(row, d) = covariance[d * stride_ + d];
}

void VariationalSide::WriteResiduals(Index row) {
  std::copy_n(RowOf(columns_, row), columns_.cols(), RowOf(residuals_, row));
  slopes_->AddMeans(row, -1.0F, RowOf(residuals_, row) + prior_.Features());
}

double VariationalSide::SquaredErrors(Index row, const RowSums& sums) const {
  const float* own = RowOf(records_, row);
  const auto& [moments, weighted, squares] = sums;
  const double bias = own[layout_.BiasMean()];
  // E r̂ weighed by the ratings, and E r̂² with r̂ = u·v + b_u + b_i.
  double explained = bias * weighted[layout_.ones] + weighted[layout_.BiasMean()];
  double square = static_cast<double>(own[layout_.BiasSquare()]) * moments[layout_.ones] +
                  moments[layout_.BiasSquare()] + 2.0 * bias * moments[layout_.BiasMean()];
  int at = layout_.second;
  for (int i = 0; i < layout_.factors; ++i) {
    explained += static_cast<double>(own[i]) * weighted[i];
    square += 2.0 * (static_cast<double>(own[layout_.cross + i]) * moments[i] +
                     static_cast<double>(own[i]) * moments[layout_.cross + i]);
    for (int j = i; j < layout_.factors; ++j, ++at) {
      square += (i == j ? 1.0 : 2.0) * static_cast<double>(own[at]) * moments[at];
    }
  }
  return std::max(squares - 2.0 * explained + square, 0.0);
}

double VariationalSide::RowFreeEnergy() const {
  double logs = 0.0;
  for (const float lambda : prior_.Precisions()) logs += Log(lambda);
  return std::accumulate(energy_.begin(), energy_.end(), -0.5 * logs * side_.RowCount());
}

void VariationalSide::SetPreference(const FactorMatrix& preference) {
  for (Index row = 0; row < side_.RowCount(); ++row) {
    std::copy_n(RowOf(preference, row), prior_.Features() - 2, RowOf(columns_, row) + 1);
  }
}

void VariationalSide::LearnPrior(bool means) {
  std::vector<double> variances(entries_);
  for (Index row = 0; row < side_.RowCount(); ++row) {
    for (int d = 0; d < entries_; ++d) variances[d] += variances_(row, d);
  }
  if (slopes_) slopes_->AddSpread(variances);
  if (means) {
    prior_.Learn(gram_, side_.RowCount(), variances);
    if (slopes_) LearnSlopes();
  } else {
    prior_.LearnPrecisions(gram_, side_.RowCount(), variances);
  }
}

void VariationalSide::LearnSlopes() {
  FactorMatrix targets = FactorMatrix::Zero(side_.RowCount(), stride_);
  std::vector<float> means(entries_);
  for (Index row = 0; row < side_.RowCount(); ++row) {
    prior_.MeansOf(RowOf(columns_, row), means.data());
    std::transform(Means(row), Means(row) + entries_, means.begin(), RowOf(targets, row), std::minus());
  }
  slopes_->Learn(targets, prior_.Precisions());
}

}  // namespace matfac
