#include "solvers/als.h"

#include <algorithm>
#include <utility>

namespace matfac {
namespace {

/// From this number on conjugate gradient reaches the same loss at less cost: 0.57 with 32 factors, 0.31 with 64. With
/// 16 it is about that of the closed form, whose users agree with their fold-in after every epoch.
constexpr int kManyFactors = 17;

/// True where the closed form of a row, by a system with one equation per rating, costs less than conjugate gradient.
bool AreFew(Offset count, std::int64_t stride) { return count * count <= 4 * stride; }

std::int64_t RowCost(Sweep sweep, Offset count, std::int64_t stride) {
  // Fetching a row from anywhere in memory takes about the time of this many multiply-adds for each factor.
  constexpr std::int64_t kFetch = 5;
  if (sweep == Sweep::kConjugateGradient) return ((6 + kFetch) * count + 2 * stride) * stride;
  if (sweep == Sweep::kBlocks) return ((9 + kFetch) * count + 16) * stride;
  return (static_cast<std::int64_t>(count) + stride / 3) * stride * (stride + 4) / 2;
}

}  // namespace

Als::Als(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features)
    : ratings_(ratings),
      workers_(workers),
      scratch_(workers.Count(),
               [&, stride = StrideOf(options.model.factors)] {
                 return Scratch{.system = RidgeSystem(stride, options.model.biases),
                                .few = DualRidge(stride, options.model.biases),
                                .gradient = RidgeGradient(stride, options.model.biases),
                                .descent = BlockDescent(stride),
                                .strength = std::vector<float>(stride)};
               }),
      schedule_(ratings, options, kManyFactors, RowCost),
      item_preconditioners_(ratings.ByItem(), StrideOf(options.model.factors)),
      user_preconditioners_(ratings.ByUser(), StrideOf(options.model.factors)),
      item_prior_(features.items, options.model),
      user_prior_(features.users, options.model),
      bias_share_(options.model.BiasRegularization() / (ratings.Deviation() * options.model.regularization)) {}

bool Als::Work(int epoch, Model& model, Budget& budget) {
  schedule_.Resume(epoch, model);
  while (WorkPhase(epoch, model, budget)) {
    if (schedule_.Next(model)) return true;
  }
  return false;
}

bool Als::WorkPhase(int epoch, Model& model, Budget& budget) {
  const Sweep sweep = schedule_.CurrentSweep();
  const auto baseline = static_cast<float>(model.Baseline());
  const RatingsSide& by_item = ratings_.ByItem();
  const RatingsSide& by_user = ratings_.ByUser();
  const auto solve = [&](const HalfStep& step, FeaturePrior& prior, FactorMatrix& weights, int side) {
    if (!is_under_way_ && prior.IsDue(epoch)) LearnPrior(step, prior, weights, FeaturePrior::RidgesIn(model, side));
    is_under_way_ = !schedule_.Rows().ForEachRow(workers_, budget,
                                                 [&](Index row, int worker) { SolveRow(step, row, scratch_[worker]); });
    return !is_under_way_;
  };
  switch (schedule_.Current()) {
    case Phase::kUserPreconditioner:
      return sweep != Sweep::kConjugateGradient ||
             item_preconditioners_.Work(model.user_factors, by_user, model, workers_, budget);
    case Phase::kItems:
      return solve({by_item, model.item_factors, model.item_bias, model.user_factors, model.user_bias,
                    item_preconditioners_, item_prior_, sweep, baseline, model},
                   item_prior_, model.item_feature_weights, 1);
    case Phase::kItemPreconditioner:
      return sweep != Sweep::kConjugateGradient ||
             user_preconditioners_.Work(model.item_factors, by_item, model, workers_, budget);
    case Phase::kUsers:
      return solve({by_user, model.user_factors, model.user_bias, model.item_factors, model.item_bias,
                    user_preconditioners_, user_prior_, sweep, baseline, model},
                   user_prior_, model.user_feature_weights, 0);
    case Phase::kFirstUserGram:
    case Phase::kItemGram:
    case Phase::kUserGram:
      break;
  }
  return true;
}

void Als::LearnPrior(const HalfStep& step, FeaturePrior& prior, FactorMatrix& weights, std::span<float> ridges) const {
  if (!prior.HasStarted()) {
    std::vector<float> row_weights;
    row_weights.reserve(step.side.RowCount());
    for (Index row = 0; row < step.side.RowCount(); ++row) {
      row_weights.push_back(StrengthOf(step.model, step.side.Count(row)).factors);
    }
    prior.Start(std::move(row_weights), step.factors, step.bias, weights, ridges);
  }
  if (!schedule_.RepeatsUsers()) prior.Improve(step.factors, step.bias);
  prior.Write(weights, ridges);
}

double Als::WeightPenalty() const {
  return 0.5 * (user_prior_.Penalty(1.0, bias_share_) + item_prior_.Penalty(1.0, bias_share_));
}

bool Als::BuildsFew(const RidgeRow& row, Scratch& scratch) {
  const std::size_t stride = scratch.strength.size();
  if (!AreFew(static_cast<Offset>(row.rated.size()), static_cast<std::int64_t>(stride))) return false;
  std::ranges::fill(scratch.strength, row.strength.factors);
  return scratch.few.Build(row.others, {.rows = row.rated, .targets = row.targets},
                           {.strength = scratch.strength,
                            .mean = {row.mean, row.mean == nullptr ? 0 : stride},
                            .bias_strength = row.strength.bias});
}

void Als::SolveRow(const HalfStep& step, Index row, Scratch& scratch) {
  const RatingsRow ratings = step.side.Row(row);
  const float bias_mean = step.prior.BiasMean(row);
  scratch.targets.resize(ratings.values.size());
  for (std::size_t j = 0; j < scratch.targets.size(); ++j) {
    const float other = step.other_bias.empty() ? 0.0F : step.other_bias[ratings.others[j]];
    scratch.targets[j] = ratings.values[j] - step.baseline - other - bias_mean;
  }
  const RidgeStrength strength = StrengthOf(step.model, step.side.Count(row));
  float* x = RowOf(step.factors, row);
  float* bias = step.bias.empty() ? nullptr : &step.bias[row];
  if (bias != nullptr) *bias -= bias_mean;
  const RidgeRow problem{step.other_factors, ratings.others, scratch.targets, strength, step.prior.Mean(row)};
  if (step.sweep == Sweep::kConjugateGradient && BuildsFew(problem, scratch)) {
    scratch.few.Solve(x, bias);
  } else if (step.sweep == Sweep::kConjugateGradient && !ratings.others.empty()) {
    scratch.gradient.Improve(problem, step.preconditioners.For(step.side.Count(row)), x, bias);
  } else if (step.sweep == Sweep::kBlocks) {
    scratch.descent.Improve(problem, x, bias);
  } else {
    scratch.system.Build(step.other_factors, ratings.others, scratch.targets, strength, problem.mean);
    scratch.system.Solve(x, bias);
  }
  if (bias != nullptr) *bias += bias_mean;
}

}  // namespace matfac
