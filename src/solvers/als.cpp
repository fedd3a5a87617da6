#include "solvers/als.h"

#include "solvers/exact_users.h"

namespace matfac {
namespace {

/// From here on conjugate gradient reaches the same loss at 0.4 of the cost or less. With 16 factors it would still be
/// 0.6, but there the closed form is cheap too, and its users agree with their fold-in after every epoch.
constexpr int kManyFactors = 17;

Sweep Picked(const Options& options) {
  if (options.training.sweep != Sweep::kAuto) return options.training.sweep;
  return options.model.factors < kManyFactors ? Sweep::kExact : Sweep::kConjugateGradient;
}

auto RowCost(const Options& options, Sweep sweep) {
  return [stride = std::int64_t{StrideOf(options.model.factors)}, sweep](Offset count) -> std::int64_t {
    // A row fetched from anywhere in memory costs about what so many multiply-adds do.
    constexpr std::int64_t kFetch = 5;
    if (sweep == Sweep::kConjugateGradient) return ((6 + kFetch) * count + 2 * stride) * stride;
    if (sweep == Sweep::kBlocks) return ((9 + kFetch) * count + 16) * stride;
    return (static_cast<std::int64_t>(count) + stride / 3) * stride * (stride + 4) / 2;
  };
}

}  // namespace

Als::Als(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      workers_(workers),
      epochs_(options.training.epochs),
      sweep_(Picked(options)),
      scratch_(workers.Count(), {.system = RidgeSystem(StrideOf(options.model.factors), options.model.biases),
                                 .gradient = RidgeGradient(StrideOf(options.model.factors), options.model.biases),
                                 .descent = BlockDescent(StrideOf(options.model.factors))}),
      item_blocks_(ratings.ByItem(), RowCost(options, sweep_)),
      user_blocks_(ratings.ByUser(), RowCost(options, sweep_)),
      last_user_blocks_(ratings.ByUser(), RowCost(options, Sweep::kExact)),
      item_preconditioners_(ratings.ByItem(), StrideOf(options.model.factors)),
      user_preconditioners_(ratings.ByUser(), StrideOf(options.model.factors)) {}

bool Als::Work(int epoch, Model& model, Budget& budget) {
  if (phase_ == Phase::kFixUsers && TakeBackUsers(model)) {
    redoes_users_ = true;
    phase_ = Phase::kFixItems;
  }
  while (WorkPhase(UserSweep(epoch), model, budget)) {
    if (phase_ != Phase::kUsers) {
      phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
      if (phase_ == Phase::kUsers && UserSweep(epoch) != sweep_) KeepUsers(model);
      continue;
    }
    phase_ = Phase::kFixUsers;
    if (!redoes_users_) return true;
    redoes_users_ = false;
  }
  return false;
}

bool Als::WorkPhase(Sweep user_sweep, Model& model, Budget& budget) {
  const auto baseline = static_cast<float>(model.Baseline());
  const RatingsSide& by_item = ratings_.ByItem();
  const RatingsSide& by_user = ratings_.ByUser();
  const auto solve = [&](RowBlocks& blocks, const HalfStep& step) {
    return blocks.ForEachRow(workers_, budget, [&](Index row, int worker) { SolveRow(step, row, scratch_[worker]); });
  };
  switch (phase_) {
    case Phase::kFixUsers:
      return sweep_ != Sweep::kConjugateGradient ||
             item_preconditioners_.Work(model.user_factors, by_user, model.options, workers_, budget);
    case Phase::kItems:
      return solve(item_blocks_, {by_item, model.item_factors, model.item_bias, model.user_factors, model.user_bias,
                                  item_preconditioners_, sweep_, baseline, model.options});
    case Phase::kFixItems:
      return user_sweep != Sweep::kConjugateGradient ||
             user_preconditioners_.Work(model.item_factors, by_item, model.options, workers_, budget);
    case Phase::kUsers:
      break;
  }
  return solve(user_sweep == sweep_ ? user_blocks_ : last_user_blocks_,
               {by_user, model.user_factors, model.user_bias, model.item_factors, model.item_bias,
                user_preconditioners_, user_sweep, baseline, model.options});
}

void Als::SolveRow(const HalfStep& step, Index row, Scratch& scratch) {
  const RatingsRow ratings = step.side.Row(row);
  scratch.targets.resize(ratings.values.size());
  for (std::size_t j = 0; j < scratch.targets.size(); ++j) {
    const float other = step.other_bias.empty() ? 0.0F : step.other_bias[ratings.others[j]];
    scratch.targets[j] = ratings.values[j] - step.baseline - other;
  }
  const RidgeStrength strength = StrengthOf(step.options, step.side.Count(row));
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
