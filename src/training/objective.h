#pragma once

#include <vector>

#include "base/budget.h"
#include "base/parallel.h"
#include "data/features.h"
#include "data/ratings.h"
#include "model/model.h"
#include "rows/row_blocks.h"

namespace matfac {

/// A pass over the training ratings, in parallel and in slices, for the loss and the root mean squared error of a
/// model. Blocks of users have sums of their own, so that the bits do not depend on the number of threads.
class ObjectivePass {
 public:
  /// The ratings, the features and the workers must outlive the pass, whose models have these options.
  ObjectivePass(const Ratings& ratings, const SideFeatures& features, const ModelOptions& options, Workers& workers);

  /// Continues until the pass is complete (true) or the budget is used up (false). Needs a model with a row for each
  /// user and item of the ratings, which stays the same until the pass is complete.
  bool Work(const Model& model, Budget& budget);
  /// Before another pass.
  void Restart();

  /// L = ½ Σ (r − r̂)² + Penalty(), in units of a squared rating, r̂ not clipped; after a complete pass.
  double Loss() const { return 0.5 * sums_.squares + penalty_; }
  /// ½ Σ_rows (λ_n ‖x‖² + λ_b b²) over users and items, with the strengths of StrengthOf; after a complete pass. With
  /// SVD++ terms a user's x is p = u − s, and each item has a second x, its y. With features x and b are what differs
  /// from the prior means.
  double Penalty() const { return penalty_; }
  /// Of clipped predictions; after a complete pass.
  double Rmse() const;

 private:
  /// Over the ratings of some users.
  struct Sums {
    double squares = 0.0;
    double clipped_squares = 0.0;
    double penalty = 0.0;  // twice that of the users
  };

  Sums SumsOf(const Model& model, Index first, Index end, bool penalized) const;

  const Ratings& ratings_;
  const SideFeatures& features_;
  Workers& workers_;
  RowBlocks blocks_;
  std::vector<Sums> block_sums_;
  Sums sums_;  // of all blocks
  double penalty_ = 0.0;
};

}  // namespace matfac
