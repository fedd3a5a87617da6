#pragma once

#include <vector>

#include "ridge.h"
#include "solvers/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// Alternating least squares (Zhou et al. 2008, "Large-scale parallel collaborative filtering for the Netflix Prize"),
/// with biases solved together with the factors of their row.
///   L = ½ Σ (r − r̂)² + ½ Σ_rows (λ_n ‖x‖² + λ_b b²), λ_n and λ_b of StrengthOf
/// An epoch solves every item with the users fixed, then every user with the items fixed, each exactly: L never rises,
/// and what an epoch leaves in U is the fold-in of each user's own ratings.
class Als final : public Solver {
 public:
  Als(const Ratings& ratings, const Options& options, Workers& workers);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  /// Where a half-step writes, and what it holds fixed.
  struct HalfStep {
    FactorMatrix& factors;
    std::vector<float>& bias;
    const FactorMatrix& other_factors;
    const std::vector<float>& other_bias;
    float baseline;
    const ModelOptions& options;
  };
  /// A worker's own.
  struct Scratch {
    RidgeSystem system;
    std::vector<float> targets;
  };

  static void SolveRow(const RatingsSide& side, Index row, const HalfStep& step, Scratch& scratch);

  const Ratings& ratings_;
  Workers& workers_;
  std::vector<Scratch> scratch_;
  RowBlocks item_blocks_;
  RowBlocks user_blocks_;
  bool items_done_ = false;
};

}  // namespace matfac
