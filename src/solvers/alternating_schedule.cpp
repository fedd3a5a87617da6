#include "solvers/alternating_schedule.h"

#include "solvers/exact_users.h"

namespace matfac {
namespace {

Sweep SweepOf(const Options& options, int many_factors) {
  if (options.training.sweep != Sweep::kAuto) return options.training.sweep;
  return options.model.factors < many_factors ? Sweep::kExact : Sweep::kConjugateGradient;
}

auto CostOf(AlternatingSchedule::RowCost cost, Sweep sweep, const Options& options) {
  return [cost, sweep, stride = std::int64_t{StrideOf(options.model.factors)}](Offset count) {
    return cost(sweep, count, stride);
  };
}

}  // namespace

AlternatingSchedule::AlternatingSchedule(const Ratings& ratings, const Options& options, int many_factors, RowCost cost)
    : epochs_(options.training.epochs),
      sweep_(SweepOf(options, many_factors)),
      item_blocks_(ratings.ByItem(), CostOf(cost, sweep_, options)),
      user_blocks_(ratings.ByUser(), CostOf(cost, sweep_, options)),
      exact_user_blocks_(ratings.ByUser(), CostOf(cost, Sweep::kExact, options)) {}

void AlternatingSchedule::Resume(int epoch, Model& model) {
  epoch_ = epoch;
  if (phase_ == Phase::kFirstUserGram && RestoreUsersFromState(model)) {
    repeats_users_ = true;
    phase_ = Phase::kItemGram;
  }
}

bool AlternatingSchedule::Next(Model& model) {
  if (phase_ == Phase::kUserGram) {
    phase_ = Phase::kUserPreconditioner;
    const bool complete = !repeats_users_;
    repeats_users_ = false;
    return complete;
  }
  phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
  if (phase_ == Phase::kUsers && UserSweep() != sweep_) SaveUsersInState(model);
  return false;
}

RowBlocks& AlternatingSchedule::Rows() {
  if (IsOfItems()) return item_blocks_;
  return UserSweep() == sweep_ ? user_blocks_ : exact_user_blocks_;
}

}  // namespace matfac
