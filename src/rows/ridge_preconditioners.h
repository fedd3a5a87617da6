#pragma once

#include <memory>
#include <vector>

#include "data/ratings.h"
#include "model/options.h"
#include "rows/conjugate_gradient.h"
#include "rows/gram.h"

namespace matfac {

/// What conjugate gradient takes for the inverse of a row's normal equations. A row with n ratings has
///   S = Σ_j (v_j − v̄)(v_j − v̄)ᵀ + λ_n I ≈ n (C + λ_n / n I)
/// with the covariance C of the other side's factors over all ratings, so that a row rated like the rest is solved at
/// once. How much the regularization weighs goes with n: there is an inverse for each power of 4, and a row takes the
/// one of its power.
class RidgePreconditioners {
 public:
  /// For the rows of `side`, which outlives this, and factors of this stride. Nothing is inverted before Work.
  RidgePreconditioners(const RatingsSide& side, int stride);

  /// Goes on until all are inverted (true), and then the next call starts anew; false when the budget is used up.
  /// `others` are the factors of the other side, and `other_side` its ratings.
  bool Work(const FactorMatrix& others, const RatingsSide& other_side, const ModelOptions& options, Workers& workers,
            Budget& budget);

  /// For a row with `count` ratings, which is at least 1; stride × stride.
  const float* For(Offset count) const;

 private:
  /// Finds the powers that there are.
  void Prepare();
  /// √(n_m / R) (v_m − v̄), whose Gram matrix is C.
  void Centre(const FactorMatrix& others, const RatingsSide& other_side, bool biases);

  const RatingsSide& side_;
  int stride_;
  FactorMatrix centred_;
  Gram covariance_;
  bool summed_ = false;
  std::vector<std::unique_ptr<Preconditioner>> powers_;  // none where no row has so many ratings
  std::size_t next_power_ = 0;
};

}  // namespace matfac
