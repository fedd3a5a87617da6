#include "solvers/bayesian/bayesian_side.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/kernels.h"

namespace matfac {
namespace {

/// ν, the concentration of the rows' noise around the common one. Values from 3 to 16 differed little on held-out
/// MovieLens ratings.
constexpr double kWeightShape = 10.0;

/// Each makes the prior ten times as strong.
constexpr int kStrengthenings = 20;

/// Per rating the Gram matrix, the errors and fetching a row from memory; per row the Cholesky decomposition and the
/// normals.
auto RowCost(int stride) {
  return [stride](Offset count) {
    const std::int64_t width = stride;
    return static_cast<std::int64_t>(count) * (width * (width + 12) / 2 + 256) + width * (width * width / 6 + 128);
  };
}

/// True where a row is drawn at a lower cost by a system with one equation per rating.
bool AreFew(Offset count, int factors) { return factors >= 16 && 4 * count <= 3 * factors; }

const RatingsSide& SideOf(BayesianSide::Kind kind, const Ratings& ratings) {
  return kind == BayesianSide::Kind::kUsers ? ratings.ByUser() : ratings.ByItem();
}

}  // namespace

BayesianSide::BayesianSide(Kind kind, const Ratings& ratings, const Options& options, const PriorScale& scale,
                           bool has_terms, BayesianUses uses, int workers, BayesianDays* days,
                           const BayesianOrdinal* ordinal)
    : kind_(kind),
      side_(SideOf(kind, ratings)),
      minimum_(ratings.Minimum()),
      maximum_(ratings.Maximum()),
      factors_(options.model.factors),
      has_terms_(has_terms),
      days_(days),
      ordinal_(ordinal),
      seed_(options.training.seed),
      uses_(uses),
      scale_(scale),
      prior_(StrideOf(factors_)),
      weights_(side_.RowCount(), 1.0F),
      errors_(kind == Kind::kUsers ? side_.RowCount() : 0),
      scratch_(workers,
               [&, row = std::vector<float>(StrideOf(factors_))] {
                 return Scratch{.system = RidgeSystem(StrideOf(factors_), options.model.biases),
                                .few = DualRidge(StrideOf(factors_), options.model.biases),
                                .strength = row,
                                .mean = row,
                                .noise = row,
                                .drawn = row};
               }),
      blocks_(side_, RowCost(StrideOf(factors_))) {}

void BayesianSide::Start(const FactorMatrix& factors, const std::vector<float>& bias) {
  rows_ = {.factors = factors.leftCols(StrideOf(factors_)), .bias = bias};
  if (has_terms_) own_ = rows_;
}

void BayesianSide::AddTo(std::vector<std::span<float>>& chain) {
  rows_.AddTo(chain);
  own_.AddTo(chain);
  chain.emplace_back(weights_);
}

void BayesianSide::DrawPrior(int epoch) {
  matfac::DrawPrior(has_terms_ ? own_ : rows_, factors_, scale_, Random(seed_, StreamOf(uses_.prior, epoch, 0)),
                    prior_);
}

bool BayesianSide::DrawRows(const BayesianSide& other, const BayesianGiven& given, Workers& workers, Budget& budget) {
  return blocks_.ForEachRow(workers, budget,
                            [&](Index row, int worker) { DrawRow(row, other, given, scratch_[worker]); });
}

void BayesianSide::DrawRow(Index row, const BayesianSide& other, const BayesianGiven& given, Scratch& scratch) {
  const double precision = given.noise_precision * weights_[row];
  const RidgeRatings ratings = Gather(row, other, given.level, scratch);
  const bool few = AreFew(side_.Count(row), factors_) &&
                   scratch.few.Build(other.rows_.factors, ratings, PriorOf(row, precision, scratch));
  if (!few) BuildSystem(row, other, ratings, precision, scratch);
  Random random(seed_, StreamOf(uses_.rows, given.epoch, row));
  const double deviation = 1.0 / std::sqrt(precision);
  for (int f = 0; f < factors_; ++f) scratch.noise[f] = static_cast<float>(deviation * random.Normal());
  const auto bias_noise = static_cast<float>(deviation * random.Normal());
  float bias = 0.0F;
  if (few) {
    scratch.few.Draw(scratch.noise.data(), bias_noise, scratch.drawn.data(), &bias);
  } else {
    scratch.system.Draw(scratch.noise.data(), bias_noise, scratch.drawn.data(), &bias);
  }
  Replace(row, scratch.drawn, bias);
  Compare(row, other, scratch);
  if (days_ != nullptr && kind_ == Kind::kUsers) days_->Draw(row, precision, scratch.weights, scratch.errors, random);
  DrawWeight(row, given.noise_precision, scratch, random);
}

void BayesianSide::BuildSystem(Index row, const BayesianSide& other, const RidgeRatings& ratings, double precision,
                               Scratch& scratch) const {
  // A prior too weak for float32 beside the ratings is strengthened until it is strong enough. That happens at the
  // start, where factors may be much larger than the ratings, and with factors that a few ratings without noise do not
  // determine.
  double weaker = precision;
  for (int i = 0; i < kStrengthenings; ++i, weaker /= 10.0) {
    if (scratch.system.Build(other.rows_.factors, ratings, PriorOf(row, weaker, scratch))) return;
  }
  ThrowDivergence(
      "ratings must leave the posterior of each row regular in float32; that of a row with {} ratings is singular",
      {ratings.rows.size()});
}

RidgeRatings BayesianSide::Gather(Index row, const BayesianSide& other, double level, Scratch& scratch) const {
  const RatingsRow ratings = side_.Row(row);
  const std::span<const float> values = ValuesOf(row);
  scratch.targets.resize(values.size());
  for (std::size_t j = 0; j < scratch.targets.size(); ++j) {
    const float others = other.rows_.bias.empty() ? 0.0F : other.rows_.bias[ratings.others[j]];
    scratch.targets[j] = values[j] - static_cast<float>(level) - others;
  }
  if (days_ != nullptr && kind_ == Kind::kUsers) days_->SubtractUser(row, scratch.targets);
  if (days_ != nullptr && kind_ == Kind::kItems) days_->SubtractItem(row, scratch.targets);
  scratch.weights.resize(values.size());
  for (std::size_t j = 0; j < scratch.weights.size(); ++j) scratch.weights[j] = other.weights_[ratings.others[j]];
  return {.rows = ratings.others, .targets = scratch.targets, .weights = scratch.weights};
}

std::span<const float> BayesianSide::ValuesOf(Index row) const {
  if (ordinal_ == nullptr) return side_.Row(row).values;
  return kind_ == Kind::kUsers ? ordinal_->OfUser(row) : ordinal_->OfItem(row);
}

RidgePrior BayesianSide::PriorOf(Index row, double precision, Scratch& scratch) const {
  const int stride = static_cast<int>(scratch.mean.size());
  const auto scale = static_cast<float>(1.0 / precision);
  for (int f = 0; f < stride; ++f) scratch.strength[f] = scale * prior_.precision[f];
  std::ranges::copy(prior_.mean, scratch.mean.begin());
  float bias_mean = prior_.bias_mean;
  if (has_terms_) {
    kernels::Axpy(1.0F, RowOf(rows_.factors, row), scratch.mean.data(), stride);
    kernels::Axpy(-1.0F, RowOf(own_.factors, row), scratch.mean.data(), stride);
    if (!rows_.bias.empty()) bias_mean += rows_.bias[row] - own_.bias[row];
  }
  return {.strength = scratch.strength,
          .mean = scratch.mean,
          .bias_strength = scale * prior_.bias_precision,
          .bias_mean = bias_mean};
}

void BayesianSide::Replace(Index row, const std::vector<float>& factors, float bias) {
  const int stride = static_cast<int>(factors.size());
  float* x = RowOf(rows_.factors, row);
  if (has_terms_) {
    kernels::Axpy(-1.0F, x, RowOf(own_.factors, row), stride);
    kernels::Axpy(1.0F, factors.data(), RowOf(own_.factors, row), stride);
    if (!rows_.bias.empty()) own_.bias[row] += bias - rows_.bias[row];
  }
  std::ranges::copy(factors, x);
  if (!rows_.bias.empty()) rows_.bias[row] = bias;
}

void BayesianSide::Compare(Index row, const BayesianSide& other, Scratch& scratch) const {
  const std::span<const Index> others = side_.Row(row).others;
  const int stride = static_cast<int>(scratch.drawn.size());
  const float* x = RowOf(rows_.factors, row);
  const float bias = rows_.bias.empty() ? 0.0F : rows_.bias[row];
  scratch.errors.resize(others.size());
  for (std::size_t j = 0; j < others.size(); ++j) {
    scratch.errors[j] = scratch.targets[j] - (bias + kernels::Dot(x, RowOf(other.rows_.factors, others[j]), stride));
  }
}

void BayesianSide::DrawWeight(Index row, double noise_precision, const Scratch& scratch, Random& random) {
  const BayesianErrors errors = ErrorsOf(row, scratch);
  const double weight = random.Gamma(0.5 * (kWeightShape + static_cast<double>(side_.Count(row)))) /
                        (0.5 * (kWeightShape + noise_precision * errors.weighted_squares));
  weights_[row] = static_cast<float>(weight);
  if (kind_ == Kind::kItems) return;
  errors_[row] = errors;
  errors_[row].weight *= weight;
  errors_[row].weighted_sum *= weight;
  errors_[row].weighted_squares *= weight;
}

BayesianErrors BayesianSide::ErrorsOf(Index row, const Scratch& scratch) const {
  const std::span<const float> values = side_.Row(row).values;
  BayesianErrors errors;
  for (std::size_t j = 0; j < values.size(); ++j) {
    const float error = scratch.errors[j];
    const float clipped = values[j] - std::clamp(values[j] - error, minimum_, maximum_);
    const double square = static_cast<double>(error) * error;
    errors.weight += scratch.weights[j];
    errors.weighted_sum += static_cast<double>(scratch.weights[j]) * error;
    errors.weighted_squares += scratch.weights[j] * square;
    errors.squares += square;
    errors.clipped_squares += static_cast<double>(clipped) * clipped;
  }
  return errors;
}

BayesianErrors BayesianSide::Errors() const {
  BayesianErrors all;
  for (const BayesianErrors& row : errors_) {
    all.weight += row.weight;
    all.weighted_sum += row.weighted_sum;
    all.weighted_squares += row.weighted_squares;
    all.squares += row.squares;
    all.clipped_squares += row.clipped_squares;
  }
  return all;
}

}  // namespace matfac
