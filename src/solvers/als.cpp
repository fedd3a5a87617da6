#include "solvers/als.h"

namespace matfac {
namespace {

/// From this number on conjugate gradient reaches the same loss at 0.4 of the cost or less. With 16 factors it would
/// still be 0.6, but there the closed form is cheap too, and its users agree with their fold-in after every epoch.
constexpr int kManyFactors = 17;

std::int64_t RowCost(Sweep sweep, Offset count, std::int64_t stride) {
  // Fetching a row from anywhere in memory takes about the time of this many multiply-adds for each factor.
  constexpr std::int64_t kFetch = 5;
  if (sweep == Sweep::kConjugateGradient) return ((6 + kFetch) * count + 2 * stride) * stride;
  if (sweep == Sweep::kBlocks) return ((9 + kFetch) * count + 16) * stride;
  return (static_cast<std::int64_t>(count) + stride / 3) * stride * (stride + 4) / 2;
}

}  // namespace

Als::Als(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& /*features*/)
    : ratings_(ratings),
      workers_(workers),
      scratch_(workers.Count(), {.system = RidgeSystem(StrideOf(options.model.factors), options.model.biases),
                                 .gradient = RidgeGradient(StrideOf(options.model.factors), options.model.biases),
                                 .descent = BlockDescent(StrideOf(options.model.factors))}),
      schedule_(ratings, options, kManyFactors, RowCost),
      item_preconditioners_(ratings.ByItem(), StrideOf(options.model.factors)),
      user_preconditioners_(ratings.ByUser(), StrideOf(options.model.factors)) {}

bool Als::Work(int epoch, Model& model, Budget& budget) {
  schedule_.Resume(epoch, model);
  while (WorkPhase(model, budget)) {
    if (schedule_.Next(model)) return true;
  }
  return false;
}

bool Als::WorkPhase(Model& model, Budget& budget) {
  const Sweep sweep = schedule_.CurrentSweep();
  const auto baseline = static_cast<float>(model.Baseline());
  const RatingsSide& by_item = ratings_.ByItem();
  const RatingsSide& by_user = ratings_.ByUser();
  const auto solve = [&](const HalfStep& step) {
    return schedule_.Rows().ForEachRow(workers_, budget,
                                       [&](Index row, int worker) { SolveRow(step, row, scratch_[worker]); });
  };
  switch (schedule_.Current()) {
    case Phase::kUserPreconditioner:
      return sweep != Sweep::kConjugateGradient ||
             item_preconditioners_.Work(model.user_factors, by_user, model, workers_, budget);
    case Phase::kItems:
      return solve({by_item, model.item_factors, model.item_bias, model.user_factors, model.user_bias,
                    item_preconditioners_, sweep, baseline, model});
    case Phase::kItemPreconditioner:
      return sweep != Sweep::kConjugateGradient ||
             user_preconditioners_.Work(model.item_factors, by_item, model, workers_, budget);
    case Phase::kUsers:
      return solve({by_user, model.user_factors, model.user_bias, model.item_factors, model.item_bias,
                    user_preconditioners_, sweep, baseline, model});
    case Phase::kFirstUserGram:
    case Phase::kItemGram:
    case Phase::kUserGram:
      break;
  }
  return true;
}

void Als::SolveRow(const HalfStep& step, Index row, Scratch& scratch) {
  const RatingsRow ratings = step.side.Row(row);
  scratch.targets.resize(ratings.values.size());
  for (std::size_t j = 0; j < scratch.targets.size(); ++j) {
    const float other = step.other_bias.empty() ? 0.0F : step.other_bias[ratings.others[j]];
    scratch.targets[j] = ratings.values[j] - step.baseline - other;
  }
  const RidgeStrength strength = StrengthOf(step.model, step.side.Count(row));
  float* x = RowOf(step.factors, row);
  float* bias = step.bias.empty() ? nullptr : &step.bias[row];
  const RidgeRow problem{step.other_factors, ratings.others, scratch.targets, strength};
  if (step.sweep == Sweep::kConjugateGradient && !ratings.others.empty()) {
    scratch.gradient.Improve(problem, step.preconditioners.For(step.side.Count(row)), x, bias);
  } else if (step.sweep == Sweep::kBlocks) {
    scratch.descent.Improve(problem, x, bias);
  } else {
    scratch.system.Build(step.other_factors, ratings.others, scratch.targets, strength);
    scratch.system.Solve(x, bias);
  }
}

}  // namespace matfac
