#pragma once

#include <cstdint>
#include <vector>

#include "base/kernels.h"
#include "solvers/bayesian/bayesian_side.h"

namespace matfac {

/// The implicit terms of one side (Koren 2008): its rows x are drawn about μ + Σ_j y_j / √n over the n rows j of the
/// other side that x shares a rating with, so that x = own + Σ_j y_j / √n with own ~ N(μ, 1/λ). Given x, y does not
/// depend on the ratings: each coordinate of each y_j has the normal posterior of a linear regression, with the running
/// residuals d = own − μ of the rows x that j belongs to,
///   y_j ~ N((λ (Σ_x d_x / √n_x + y_j Σ_x 1/n_x) + λ_y μ_y) / p, 1/p),  p = λ_y + λ Σ_x 1/n_x,
/// one after the other over j (Simm et al. 2015, "Macau", draw the weights of any features of a row in this way). libFM
/// keeps own fixed while y changes; here x is fixed and own changes, which has the same posterior and needs no pass
/// over the ratings.
class BayesianImplicit {
 public:
  /// `members` are the ratings by j.
  BayesianImplicit(const RatingsSide& side, const RatingsSide& members, const Options& options, const PriorScale& scale,
                   BayesianUses uses);

  void DrawPrior(int epoch);
  /// Continues the sweep over j; returns true when it is complete.
  bool Draw(int epoch, BayesianSide& side, Workers& workers, Budget& budget);

  /// y.
  const BayesianRows& Rows() const { return rows_; }
  BayesianRows& Rows() { return rows_; }

 private:
  /// The end of the slice of j from `begin` on. A block draws four coordinates of them.
  Index SliceEnd(Index begin) const;
  void DrawNoise(int epoch, Index begin, Index end);
  void DrawFactors(int block, Index begin, Index end, BayesianSide& side);
  void DrawBiases(Index begin, Index end, BayesianSide& side);

  const RatingsSide& members_;
  int factors_;
  std::uint64_t seed_;
  BayesianUses uses_;
  PriorScale scale_;
  BayesianRows rows_;
  NormalPrior prior_;
  std::vector<float> inverse_roots_;  // 1/√n of each row x
  std::vector<float> root_sums_;      // Σ_x 1/√n of each j
  std::vector<float> square_sums_;    // Σ_x 1/n of each j
  FactorMatrix noise_;                // of the slice; that of the bias is the last column
  Index next_ = 0;
};

}  // namespace matfac
