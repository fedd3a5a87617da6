#pragma once

#include <span>
#include <vector>

#include "base/for_workers.h"
#include "rows/block_descent.h"
#include "rows/dual_ridge.h"
#include "rows/ridge.h"
#include "rows/ridge_gradient.h"
#include "rows/ridge_preconditioners.h"
#include "solvers/alternating_schedule.h"
#include "solvers/feature_prior.h"
#include "solvers/solver.h"

namespace matfac {

/// Alternating least squares (Zhou et al. 2008, "Large-scale parallel collaborative filtering for the Netflix Prize"),
/// with biases solved together with the factors of their row.
///   L = ½ Σ (r − r̂)² + ½ Σ_rows (λ_n ‖x‖² + λ_b b²), λ_n and λ_b of StrengthOf
/// with features about prior means (feature_prior.h).
/// An epoch improves every item and then every user (AlternatingSchedule): L never rises. Few factors are solved
/// exactly, many are improved by two steps of conjugate gradient, which lower L nearly as far at a fraction of the
/// cost; there too a row with few ratings is solved exactly (DualRidge), which costs less.
class Als final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kAls,
      .name = "als",
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kBiasRegularization, OptionId::kBiases,
                OptionId::kInitialScale, OptionId::kSweep, OptionId::kPreference, OptionId::kPreferenceFactors},
      .ridge = RidgeWeight::kRootOfRatings,
      .reads_features = true,
      .reads_stored = true,
      .needs_regularization = true,
      .model = {.factors = 16, .regularization = 1.25, .biases = true, .initial_scale = 0.28, .preference = true}};
  static constexpr TrainingOptions kTraining = {.epochs = 15};

  Als(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features);

  bool Work(int epoch, Model& model, Budget& budget) override;
  double WeightPenalty() const override;

 private:
  using Phase = AlternatingSchedule::Phase;
  /// The rows that a half-step writes, and the side that it holds fixed.
  struct HalfStep {
    const RatingsSide& side;
    FactorMatrix& factors;
    std::vector<float>& bias;
    const FactorMatrix& other_factors;
    const std::vector<float>& other_bias;
    const RidgePreconditioners& preconditioners;
    const FeaturePrior& prior;
    Sweep sweep;
    float baseline;
    const Model& model;
  };
  /// Scratch space of a worker.
  struct Scratch {
    RidgeSystem system;
    DualRidge few;
    RidgeGradient gradient;
    BlockDescent descent;
    std::vector<float> targets;
    std::vector<float> strength;
  };

  bool WorkPhase(int epoch, Model& model, Budget& budget);
  /// Before a half-step.
  void LearnPrior(const HalfStep& step, FeaturePrior& prior, FactorMatrix& weights, std::span<float> ridges) const;
  /// Prepares the closed form of a row with few ratings; false where conjugate gradient is to improve the row.
  static bool BuildsFew(const RidgeRow& row, Scratch& scratch);
  static void SolveRow(const HalfStep& step, Index row, Scratch& scratch);

  const Ratings& ratings_;
  Workers& workers_;
  ForWorkers<Scratch> scratch_;
  AlternatingSchedule schedule_;
  RidgePreconditioners item_preconditioners_;
  RidgePreconditioners user_preconditioners_;
  FeaturePrior item_prior_;
  FeaturePrior user_prior_;
  double bias_share_;  // λ_b / λ_n
  /// While a half-step waits for its next slice.
  bool is_under_way_ = false;
};

}  // namespace matfac
