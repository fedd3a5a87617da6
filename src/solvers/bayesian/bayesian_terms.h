#pragma once

#include <cstdint>
#include <vector>

#include "base/kernels.h"
#include "data/features.h"
#include "solvers/bayesian/bayesian_side.h"

namespace matfac {

/// Terms of the prior means of one side's rows: a row x is drawn about μ + Σ_j w_xj y_j, so that x = own + Σ_j w_xj y_j
/// with own ~ N(μ, 1/λ). They are
///   - implicit terms (Koren 2008): one for each row j of the other side, where w = 1/√n for the n that x shares a rating
///     with and else 0, or
///   - features: one for each column, where w is the value of the row's feature.
/// Given x, y does not depend on the ratings: each coordinate of each y_j has the normal posterior of a linear
/// regression, with the running residuals d = own − μ of the rows x that have j,
///   y_j ~ N((λ (Σ_x w d_x + y_j Σ_x w²) + λ_y μ_y) / p, 1/p),  p = λ_y + λ Σ_x w²,
/// one after the other over j (Simm et al. 2015, "Macau", draw the weights of a row's features in this way). libFM
/// keeps own fixed while y changes; here x is fixed and own changes, which has the same posterior and needs no pass
/// over the ratings.
class BayesianTerms {
 public:
  /// Implicit terms; `members` are the ratings by j.
  BayesianTerms(const RatingsSide& side, const RatingsSide& members, const Options& options, const PriorScale& scale,
                BayesianUses uses);
  /// Of the features of the side's rows.
  BayesianTerms(const Features& features, const Options& options, const PriorScale& scale, BayesianUses uses);
  BayesianTerms(const BayesianTerms&) = delete;
  BayesianTerms(BayesianTerms&&) = delete;
  BayesianTerms& operator=(const BayesianTerms&) = delete;
  BayesianTerms& operator=(BayesianTerms&&) = delete;
  ~BayesianTerms() = default;

  /// Continues the sweep over j, before which the prior is drawn; returns true when it is complete.
  bool Draw(int epoch, BayesianSide& side, Workers& workers, Budget& budget);

  /// y.
  const BayesianRows& Rows() const { return rows_; }
  BayesianRows& Rows() { return rows_; }
  /// The mean of the w of each j over the rows, and their variance.
  struct Moments {
    float mean;
    float variance;
  };
  Moments MomentsOf(Index j) const;
  /// The prior of a row whose w are not known: with the mean of Σ_j w_j y_j over the rows, and its variance, as if the
  /// w of different j were independent.
  NormalPrior WithUnknown(NormalPrior prior) const;

 private:
  void DrawPrior(int epoch);
  BayesianTerms(Index count, Index side_count, const Options& options, const PriorScale& scale, BayesianUses uses);

  /// The end of the slice of j from `begin` on. A block draws four coordinates of them.
  Index SliceEnd(Index begin) const;
  void DrawNoise(int epoch, Index begin, Index end);
  void DrawFactors(int block, Index begin, Index end, BayesianSide& side);
  void DrawBiases(Index begin, Index end, BayesianSide& side);

  /// w of entry n, the row x, of a j.
  float Weight(const RatingsRow& members, std::size_t n) const {
    return inverse_roots_.empty() ? members.values[n] : inverse_roots_[members.others[n]];
  }
  void Sum();

  RatingsSide own_members_;  // of features: the rows x of each j, and w
  const RatingsSide* members_;
  Index side_count_;
  int factors_;
  std::uint64_t seed_;
  BayesianUses uses_;
  PriorScale scale_;
  BayesianRows rows_;
  NormalPrior prior_;
  std::vector<float> inverse_roots_;  // of implicit terms: 1/√n of each row x
  std::vector<float> sums_;           // Σ_x w of each j
  std::vector<float> square_sums_;    // Σ_x w² of each j
  FactorMatrix noise_;                // of the slice; that of the bias is the last column
  Index next_ = 0;
};

}  // namespace matfac
