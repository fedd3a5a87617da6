#include "solvers/implicit_als.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/kernels.h"

namespace matfac {
namespace {

/// From this number on conjugate gradient reaches the same loss at a lower cost.
constexpr int kManyFactors = 8;

/// True where the closed form of a row, by a system with one equation per observed pair, costs less than conjugate
/// gradient in the basis of the Gram matrix, into which it has to be turned first.
bool AreFew(Offset count, std::int64_t stride) { return count * count <= 3 * stride; }

std::int64_t RowCost(Sweep sweep, Offset count, std::int64_t stride) {
  // Fetching a row from anywhere in memory takes about the time of this many multiply-adds for each factor.
  constexpr std::int64_t kFetch = 5;
  if (sweep == Sweep::kConjugateGradient) return ((5 + kFetch) * count + 5 * stride) * stride;
  if (sweep == Sweep::kBlocks) return ((9 + kFetch) * count + 2 * stride) * stride;
  return (count + stride / 3) * stride * (stride + 4) / 2;
}

/// True where a half-step is cheaper in the basis in which the fixed side's Gram matrix is diagonal: that saves four
/// products with it per improved row, and costs one per fixed row and about kBasis · F for finding the basis. The basis
/// is found in one go, so not for more than kMostFactors.
bool TurnsInto(Index fixed, Index improved, const Options& options) {
  constexpr int kMostFactors = 256;
  constexpr std::int64_t kBasis = 100;
  const int factors = options.model.factors;
  return factors <= kMostFactors && fixed + kBasis * factors < std::int64_t{4} * improved;
}

}  // namespace

ImplicitAls::ImplicitAls(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      scratch_(workers.Count(),
               [&, stride = StrideOf(options.model.factors)] {
                 return Scratch{.ridge = ImplicitRidge(stride),
                                .gradient = ConjugateGradient(stride),
                                .few = DualRidge(stride, false),
                                .descent = BlockDescent(stride),
                                .turned = std::vector<float>(stride),
                                .strength = std::vector<float>(stride),
                                .mean = {},
                                .ones = {},
                                .by_rating = RecurringWeights(options.model.weights)};
               }),
      schedule_(ratings, options, kManyFactors, RowCost),
      users_(options.model.factors, TurnsInto(ratings.UserCount(), ratings.ItemCount(), options)),
      items_(options.model.factors, TurnsInto(ratings.ItemCount(), ratings.UserCount(), options)),
      item_loss_(ratings.ItemCount()),
      user_loss_(ratings.UserCount()),
      item_prior_(features.items, options.model),
      user_prior_(features.users, options.model) {}

bool ImplicitAls::Work(int epoch, Model& model, Budget& budget) {
  schedule_.Resume(epoch, model);
  while (WorkPhase(epoch, model, budget)) {
    if (schedule_.Next(model)) return true;
  }
  return false;
}

bool ImplicitAls::WorkPhase(int epoch, Model& model, Budget& budget) {
  const Sweep sweep = schedule_.CurrentSweep();
  const auto solve = [&](const HalfStep& step, std::vector<RowLoss>& loss, FeaturePrior& prior, FactorMatrix& weights,
                         int side) {
    if (!is_under_way_ && prior.IsDue(epoch)) LearnPrior(step, prior, weights, FeaturePrior::RidgesIn(model, side));
    is_under_way_ = !schedule_.Rows().ForEachRow(
        workers_, budget, [&](Index row, int worker) { loss[row] = SolveRow(step, row, scratch_[worker]); });
    return !is_under_way_;
  };
  switch (schedule_.Current()) {
    case Phase::kUserPreconditioner:
      return Precondition(users_, model.user_factors, user_prior_, model.user_feature_weights, sweep, budget);
    case Phase::kItems:
      return solve(
          {model, ratings_.ByItem(), model.item_factors, model.user_factors, users_, item_prior_, sweep, false},
          item_loss_, item_prior_, model.item_feature_weights, 1);
    case Phase::kItemGram:
      return items_.gram.Work(model.item_factors, workers_, budget);
    case Phase::kItemPreconditioner:
      return Precondition(items_, model.item_factors, item_prior_, model.item_feature_weights, sweep, budget);
    case Phase::kUsers:
      return solve({model, ratings_.ByUser(), model.user_factors, model.item_factors, items_, user_prior_, sweep, true},
                   user_loss_, user_prior_, model.user_feature_weights, 0);
    case Phase::kFirstUserGram:
    case Phase::kUserGram:
      break;
  }
  return users_.gram.Work(model.user_factors, workers_, budget);
}

bool ImplicitAls::Precondition(FixedSide& side, FactorMatrix& factors, FeaturePrior& prior, FactorMatrix& weights,
                               Sweep sweep, Budget& budget) {
  if (sweep != Sweep::kConjugateGradient) return true;
  const auto regularization = static_cast<float>(options_.model.regularization * static_cast<double>(factors.rows()));
  if (!side.turns) return side.preconditioner.Work(side.gram.Data(), regularization, workers_, budget);
  if (!side.basis.Work(side.gram.Data(), regularization, factors, workers_, budget)) return false;
  side.gram.SetDiagonal(side.basis.Diagonal());
  prior.Turn(side.basis, weights);
  return true;
}

void ImplicitAls::LearnPrior(const HalfStep& step, FeaturePrior& prior, FactorMatrix& weights,
                             std::span<float> ridges) const {
  if (!prior.HasStarted()) {
    std::vector<float> row_weights;
    RecurringWeights by_rating(options_.model.weights);
    std::vector<float> of_pairs;
    row_weights.reserve(step.side.RowCount());
    for (Index row = 0; row < step.side.RowCount(); ++row) {
      row_weights.push_back(WeighRow(step, row, by_rating, of_pairs));
    }
    prior.Start(std::move(row_weights), step.factors, {}, weights, ridges);
  }
  if (!schedule_.RepeatsUsers()) prior.Improve(step.factors, {});
  prior.Write(weights, ridges);
  if (step.Turns()) prior.Turn(step.fixed.basis, weights);
}

float ImplicitAls::WeighRow(const HalfStep& step, Index row, RecurringWeights& by_rating,
                            std::vector<float>& weights) const {
  const RatingsRow ratings = step.side.Row(row);
  const std::span<const Index> items = &step.side == &ratings_.ByItem() ? std::span(&row, 1) : ratings.others;
  return matfac::WeighRow(step.model, {.items = items, .ratings = ratings.values},
                          static_cast<Index>(step.other_factors.rows()), by_rating, weights);
}

ImplicitAls::RowLoss ImplicitAls::SolveRow(const HalfStep& step, Index row, Scratch& scratch) const {
  const int stride = static_cast<int>(step.factors.cols());
  const float regularization = WeighRow(step, row, scratch.by_rating, scratch.weights);
  const ImplicitRow problem{.others = step.other_factors,
                            .gram = step.fixed.gram.Data(),
                            .observed = step.side.Row(row).others,
                            .weights = scratch.weights,
                            .regularization = regularization,
                            .mean = step.prior.Mean(row),
                            .diagonal = step.Turns() ? step.fixed.basis.Diagonal() : nullptr};
  float* x = RowOf(step.factors, row);
  const double observed = Solve(problem, step, scratch, x);
  const float* const m = problem.mean;
  const double squares = m == nullptr
                             ? kernels::Dot(x, x, stride)
                             : kernels::DotDifference(x, x, m, stride) - kernels::DotDifference(m, x, m, stride);
  return {.observed = observed, .penalty = static_cast<double>(regularization) * squares};
}

bool ImplicitAls::BuildsFew(const ImplicitRow& row, Scratch& scratch) {
  const auto stride = static_cast<int>(row.others.cols());
  if (!AreFew(static_cast<Offset>(row.observed.size()), stride)) return false;
  scratch.ones.resize(row.observed.size(), 1.0F);
  for (int f = 0; f < stride; ++f) scratch.strength[f] = row.diagonal[f] + row.regularization;
  scratch.mean.resize(row.mean == nullptr ? 0 : stride);
  for (std::size_t f = 0; f < scratch.mean.size(); ++f) {
    scratch.mean[f] = row.regularization * row.mean[f] / scratch.strength[f];
  }
  return scratch.few.Build(row.others, {.rows = row.observed, .targets = scratch.ones, .weights = row.weights},
                           {.strength = scratch.strength, .mean = scratch.mean});
}

double ImplicitAls::Solve(const ImplicitRow& row, const HalfStep& step, Scratch& scratch, float* x) {
  if (row.observed.empty() && row.mean == nullptr) {
    std::fill_n(x, row.others.cols(), 0.0F);
    return 0.0;
  }
  if (step.Turns()) {
    if (BuildsFew(row, scratch)) return scratch.few.Solve(x, nullptr);
    step.fixed.basis.Turn(x, scratch.turned.data());
    return scratch.gradient.Improve(row, step.fixed.basis.Preconditioner(), x);
  }
  if (step.sweep == Sweep::kConjugateGradient) {
    return scratch.gradient.Improve(row, step.fixed.preconditioner.Data(), x);
  }
  if (step.sweep == Sweep::kBlocks) return scratch.descent.Improve(row, x);
  scratch.ridge.Build(row);
  scratch.ridge.Solve(x);
  return step.measured ? ObservedLoss(row, x) : 0.0;
}

std::optional<Measured> ImplicitAls::Measure() const {
  double sum = users_.gram.Dot(items_.gram);
  for (const RowLoss& user : user_loss_) sum += user.observed + user.penalty;
  for (const RowLoss& item : item_loss_) sum += item.penalty;
  sum += item_prior_.Penalty(1.0, 0.0) + user_prior_.Penalty(1.0, 0.0);
  return Measured{.loss = 0.5 * sum, .train_rmse = std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace matfac
