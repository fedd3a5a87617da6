#pragma once

#include <span>
#include <vector>

#include "model/preference_terms.h"
#include "rows/implicit_ridge.h"

namespace matfac {

/// A row of the preference layer: what a user takes, and of that what the user likes, or the same for an item.
///
/// Who takes what is implicit ALS on which pairs were rated, whatever the rating (Hu, Koren and Volinsky 2008, in the
/// form of implicit_ridge.h). Its row solves
///   A x = Σ_j c q_j,  A = QᵀQ + Σ_j c q_j q_jᵀ + λ (M + c n) I
/// The row to recommend by starts from the mean row p̄ of the population, which n ratings outweigh, and is drawn to
/// targets that follow the ratings: with z for a rating in standard deviations from the mean,
///   x' = ε p̄ + A⁻¹ Σ_j c (y_j − ε p̄·q_j) q_j,  ε = 3 / (3 + n)
///   y = 1 + 0.15 z + (0.2 + 3 ε) min(0, z + 1)
/// A pair that is taken and disliked counts for less than one that is taken and liked, and among few ratings a dislike
/// pulls away from what is like it. Without ratings both rows are p̄. Items have no population: ε = 0.
///
/// The slopes were chosen on held-out ratings of u1, latest-small, FilmTrust and Douban, by NDCG@10 of p'·q' + 0.1 z̃
/// with z̃ the predicted rating: 0.470, 0.300, 0.532 and 0.093 without a population and with 0.3 in place of 0.2 + 3 ε,
/// where targets of 1 had 0.467, 0.299, 0.524 and 0.091 with the best weight of z̃; a slope of 0.25 was within 1 %. The
/// term 3 ε, for visitors with few ratings, cost up to 2 % on FilmTrust and nothing on the MovieLens sets.
class PreferenceRow {
 public:
  struct Side {
    /// q of the observed rows, of so many in all, and QᵀQ of these.
    const FactorMatrix& others;
    Index count;
    const float* gram;
    const PreferenceTerms& terms;
    /// Of length stride; empty for items.
    std::span<const float> population;
    /// What the features of a visitor add to that; of length stride, or empty.
    std::span<const float> features;
  };

  explicit PreferenceRow(int stride);

  /// Throws std::invalid_argument where A is singular in float32.
  void Build(const Side& side, std::span<const Index> observed, std::span<const float> ratings);
  /// x and x', each of length stride.
  void Solve(float* taken, float* liked) const;
  /// What each pair adds to x'·v, in the order of `observed`: the shares of p̄ are equal, without what features add to
  /// it.
  std::vector<float> Contributions(const float* v) const;

 private:
  /// y ← A⁻¹ y
  void Apply(float* y) const;

  int stride_;
  ImplicitRidge ridge_;
  std::vector<float> weights_;
  // Of the last Build.
  const FactorMatrix* others_ = nullptr;
  std::span<const Index> observed_;
  std::vector<float> population_;  // ε p̄
  std::vector<float> mean_;        // that and what the features add to it
  std::vector<float> pulls_;       // c (y_j − ε p̄·q_j)
};

}  // namespace matfac
