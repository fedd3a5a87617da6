#include "solvers/alternating_schedule.h"

#include "solvers/exact_users.h"

namespace matfac {
namespace {

Sweep SweepOf(const Options& options, int many_factors) {
  if (options.training.sweep != Sweep::kAuto) return options.training.sweep;
  return options.model.factors < many_factors ? Sweep::kExact : Sweep::kConjugateGradient;
}

RowBlocks BlocksOf(const RatingsSide& side, Sweep sweep, const AlternatingSchedule::RowCost& cost) {
  return {side, [&](Offset count) { return cost(sweep, count); }};
}

}  // namespace

AlternatingSchedule::AlternatingSchedule(const Ratings& ratings, const Options& options, int many_factors,
                                         const RowCost& cost)
    : epochs_(options.training.epochs),
      sweep_(SweepOf(options, many_factors)),
      item_blocks_(BlocksOf(ratings.ByItem(), sweep_, cost)),
      user_blocks_(BlocksOf(ratings.ByUser(), sweep_, cost)),
      exact_user_blocks_(BlocksOf(ratings.ByUser(), Sweep::kExact, cost)) {}

bool AlternatingSchedule::Advance(int epoch, Model& model, const Work& work) {
  if (phase_ == Phase::kFirstUserGram && RestoreUsersFromState(model)) {
    repeats_users_ = true;
    phase_ = Phase::kItemGram;
  }
  while (WorkPhase(UserSweep(epoch), work)) {
    if (phase_ != Phase::kUserGram) {
      phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
      if (phase_ == Phase::kUsers && UserSweep(epoch) != sweep_) SaveUsersInState(model);
      continue;
    }
    phase_ = Phase::kUserPreconditioner;
    if (!repeats_users_) return true;
    repeats_users_ = false;
  }
  return false;
}

bool AlternatingSchedule::WorkPhase(Sweep user_sweep, const Work& work) {
  if (phase_ <= Phase::kItems) return work(phase_, sweep_, item_blocks_);
  return work(phase_, user_sweep, user_sweep == sweep_ ? user_blocks_ : exact_user_blocks_);
}

}  // namespace matfac
