#pragma once

#include <cstdint>

#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"
#include "rows/row_blocks.h"

namespace matfac {

/// The order of work in alternating least squares, in slices of time. An epoch improves every item with the users
/// fixed, then every user with the items fixed. Few factors are solved exactly, many are improved by a cheaper sweep.
/// The users of the last epoch are still solved exactly, so that U then holds the fold-in of each user's own ratings;
/// the model's state keeps the users from before that half-step. A training that continues from there first repeats the
/// half-step with the cheaper sweep, as in other epochs, from the users in the state.
class AlternatingSchedule {
 public:
  /// In order. A Gram phase sums the Gram matrix of a side, in a solver that has one; a preconditioner phase prepares
  /// conjugate gradient for the half-step that holds this side fixed. The users' Gram matrix is summed before the first
  /// epoch and then at the end of each.
  enum class Phase : std::uint8_t {
    kFirstUserGram,
    kUserPreconditioner,
    kItems,
    kItemGram,
    kItemPreconditioner,
    kUsers,
    kUserGram,
  };

  /// About the multiply-adds of a row with `count` ratings.
  using RowCost = std::int64_t (*)(Sweep sweep, Offset count, std::int64_t stride);

  /// Sweep::kAuto becomes conjugate gradient from `many_factors` on, and the closed form below.
  AlternatingSchedule(const Ratings& ratings, const Options& options, int many_factors, RowCost cost);

  /// Before each slice of an epoch (from 1).
  void Resume(int epoch, Model& model);
  /// Moves from a complete phase to the next; returns true when the epoch is complete.
  bool Next(Model& model);

  Phase Current() const { return phase_; }
  /// How the half-step of the current phase improves its rows.
  Sweep CurrentSweep() const { return IsOfItems() ? sweep_ : UserSweep(); }
  /// True while the users of the last epoch are improved a second time, in a training that continues.
  bool RepeatsUsers() const { return repeats_users_; }
  /// The rows of that half-step.
  RowBlocks& Rows();

 private:
  bool IsOfItems() const { return phase_ <= Phase::kItems; }
  Sweep UserSweep() const { return epoch_ == epochs_ && !repeats_users_ ? Sweep::kExact : sweep_; }

  int epochs_;
  Sweep sweep_;
  RowBlocks item_blocks_;
  RowBlocks user_blocks_;
  RowBlocks exact_user_blocks_;
  int epoch_ = 1;
  Phase phase_ = Phase::kFirstUserGram;
  bool repeats_users_ = false;
};

}  // namespace matfac
