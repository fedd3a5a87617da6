#pragma once

#include <vector>

#include "base/budget.h"
#include "data/features.h"
#include "data/ratings.h"
#include "model/model.h"

namespace matfac {

/// A pass over the training ratings, in slices, for the loss and the root mean squared error of a model.
class ObjectivePass {
 public:
  /// The ratings and the features must outlive the pass.
  ObjectivePass(const Ratings& ratings, const SideFeatures& features) : ratings_(ratings), features_(features) {}

  /// Continues until the pass is complete (true) or the budget is used up (false). Needs a model with a row for each
  /// user and item of the ratings, which stays the same until the pass is complete.
  bool Work(const Model& model, Budget& budget);
  /// Before another pass.
  void Restart();

  /// L = ½ Σ (r − r̂)² + Penalty(), in units of a squared rating, r̂ not clipped; after a complete pass.
  double Loss() const { return 0.5 * squares_ + penalty_; }
  /// ½ Σ_rows (λ_n ‖x‖² + λ_b b²) over users and items, with the strengths of StrengthOf; after a complete pass. With
  /// SVD++ terms a user's x is p = u − s, and each item has a second x, its y. With features x and b are what differs
  /// from the prior means.
  double Penalty() const { return penalty_; }
  /// Of clipped predictions; after a complete pass.
  double Rmse() const;

 private:
  const Ratings& ratings_;
  const SideFeatures& features_;
  Index next_user_ = 0;
  double squares_ = 0.0;
  double clipped_squares_ = 0.0;
  double user_penalty_ = 0.0;
  double penalty_ = 0.0;
  std::vector<float> row_;  // scratch
};

}  // namespace matfac
