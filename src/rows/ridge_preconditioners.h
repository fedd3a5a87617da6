#pragma once

#include <memory>
#include <vector>

#include "data/ratings.h"
#include "model/model.h"
#include "rows/conjugate_gradient.h"
#include "rows/gram.h"

namespace matfac {

/// The approximate inverses of the rows' normal equations for conjugate gradient. A row with n ratings has
///   S = Σ_j (v_j − v̄)(v_j − v̄)ᵀ + λ_n I ≈ n (C + λ_n / n I)
/// with the covariance C of the other side's factors over all ratings, so that a row with typical ratings is solved in
/// one step. The weight of the regularization depends on n: there is one inverse for each power of 4, and a row takes
/// the inverse of its power.
class RidgePreconditioners {
 public:
  /// For the rows of `side`, which outlives this, and factors of this stride. Work inverts.
  RidgePreconditioners(const RatingsSide& side, int stride);

  /// Continues until all are inverted (true; the next call starts again) or the budget is used up (false). `others` are
  /// the factors of the other side, and `other_side` its ratings.
  bool Work(const FactorMatrix& others, const RatingsSide& other_side, const Model& model, Workers& workers,
            Budget& budget);

  /// For a row with `count` ratings, which is at least 1; stride × stride.
  const float* For(Offset count) const;

 private:
  /// Finds the powers that occur.
  void Prepare();
  /// √(n_m / R) (v_m − v̄), whose Gram matrix is C, of all rows m or an even share of them.
  void Centre(const FactorMatrix& others, const RatingsSide& other_side, bool biases);

  const RatingsSide& side_;
  int stride_;
  FactorMatrix centred_;
  Gram covariance_;
  bool summed_ = false;
  std::vector<std::unique_ptr<Preconditioner>> powers_;  // null where no row has this power
  std::size_t next_power_ = 0;
};

}  // namespace matfac
