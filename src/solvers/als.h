#pragma once

#include <cstdint>
#include <vector>

#include "rows/block_descent.h"
#include "rows/ridge.h"
#include "rows/ridge_gradient.h"
#include "rows/ridge_preconditioners.h"
#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// Alternating least squares (Zhou et al. 2008, "Large-scale parallel collaborative filtering for the Netflix Prize"),
/// with biases solved together with the factors of their row.
///   L = ½ Σ (r − r̂)² + ½ Σ_rows (λ_n ‖x‖² + λ_b b²), λ_n and λ_b of StrengthOf
/// An epoch betters every item with the users fixed, then every user with the items fixed: L never rises. Few factors
/// are solved exactly, many are bettered by two steps of conjugate gradient, which lower L nearly as far at a fraction
/// of the cost. The users of the last epoch are solved exactly all the same, so that what it leaves in U is the fold-in
/// of each user's own ratings. A training that goes on from there does that half-step over, as the others are done,
/// from the users that the model's state keeps.
class Als final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kAls,
      .name = "als",
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kBiasRegularization, OptionId::kBiases,
                OptionId::kInitialScale, OptionId::kSweep},
      .ridge = RidgeWeight::kRootOfRatings,
      .needs_regularization = true,
      .model = {.factors = 16, .regularization = 1.4, .biases = true, .initial_scale = 0.3},
      .training = {.epochs = 15}};

  Als(const Ratings& ratings, const Options& options, Workers& workers);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  enum class Phase : std::uint8_t { kFixUsers, kItems, kFixItems, kUsers };
  /// Where a half-step writes, and what it holds fixed.
  struct HalfStep {
    const RatingsSide& side;
    FactorMatrix& factors;
    std::vector<float>& bias;
    const FactorMatrix& other_factors;
    const std::vector<float>& other_bias;
    const RidgePreconditioners& preconditioners;
    Sweep sweep;
    float baseline;
    const ModelOptions& options;
  };
  /// A worker's own.
  struct Scratch {
    RidgeSystem system;
    RidgeGradient gradient;
    BlockDescent descent;
    std::vector<float> targets;
  };

  Sweep UserSweep(int epoch) const { return epoch == epochs_ && !redoes_users_ ? Sweep::kExact : sweep_; }
  bool WorkPhase(Sweep user_sweep, Model& model, Budget& budget);
  static void SolveRow(const HalfStep& step, Index row, Scratch& scratch);

  const Ratings& ratings_;
  Workers& workers_;
  int epochs_;
  Sweep sweep_;
  std::vector<Scratch> scratch_;
  RowBlocks item_blocks_;
  RowBlocks user_blocks_;
  RowBlocks last_user_blocks_;
  RidgePreconditioners item_preconditioners_;
  RidgePreconditioners user_preconditioners_;
  Phase phase_ = Phase::kFixUsers;
  bool redoes_users_ = false;
};

}  // namespace matfac
