#pragma once

#include <vector>

#include "rows/non_negative_ridge.h"
#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// Non-negative matrix factorization of the observed ratings by coordinate descent (Cichocki and Phan 2009, "Fast local
/// algorithms for large scale nonnegative matrix and tensor factorizations"; over observed pairs alone as in Yu et al.
/// 2012, "Scalable coordinate descent approaches to parallel matrix factorization").
///   r̂ = u·v,  L = ½ Σ (r − r̂)² + ½ σ λ Σ_rows n ‖x‖² for rows of n ratings,  U ≥ 0, V ≥ 0
/// with the ratings' standard deviation σ, so that λ counts on ratings divided by it.
/// An epoch visits every item with the users fixed, then every user with the items fixed. A visit sweeps twice over the
/// row's coordinates, each to its exact minimizer (NonNegativeRidge): L never rises, and no entry is ever below 0.
class Nmf final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kNmf,
      .name = "nmf",
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kInitialScale, OptionId::kPreference,
                OptionId::kPreferenceFactors},
      .ridge = RidgeWeight::kPerRating,
      .fold_in = FoldInKind::kNonNegativeRidge,
      .is_non_negative = true,
      .model = {.factors = 16, .regularization = 0.105, .initial_scale = 0.5, .preference = true}};
  static constexpr TrainingOptions kTraining = {.epochs = 15};

  /// Throws std::invalid_argument for ratings below 0.
  Nmf(const Ratings& ratings, const Options& options, Workers& workers);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  void Descend(const RatingsSide& side, Index row, const Model& model, FactorMatrix& factors,
               const FactorMatrix& others, int worker);

  const Ratings& ratings_;
  Workers& workers_;
  std::vector<NonNegativeRidge> rows_;  // one per worker
  RowBlocks item_blocks_;
  RowBlocks user_blocks_;
  bool items_done_ = false;
};

}  // namespace matfac
