#pragma once

#include <optional>
#include <vector>

#include "base/for_workers.h"
#include "rows/block_descent.h"
#include "rows/conjugate_gradient.h"
#include "rows/dual_ridge.h"
#include "rows/gram.h"
#include "rows/gram_basis.h"
#include "rows/implicit_ridge.h"
#include "solvers/alternating_schedule.h"
#include "solvers/feature_prior.h"
#include "solvers/solver.h"

namespace matfac {

/// Alternating least squares for implicit feedback (Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit
/// feedback datasets"), in the form of Rendle, Krichene, Zhang and Koren 2021 (arXiv 2110.14037): every pair
/// is drawn to 0 with weight 1, and an observed one also to 1 with weight c = confidence × w(rating) × k, with w of
/// WeightOf and k = ItemWeights, which is 1 without `discount`.
///   L = ½ Σ_nm (u_n·v_m)² + ½ Σ_observed c (1 − u·v)² + ½ Σ_rows λ_n ‖x‖²
///   λ_n = λ × the weight of all pairs of the row (WeighRow)
/// with features about prior means (feature_prior.h), as the iALS of irspack has them.
/// An epoch improves every item and then every user (AlternatingSchedule): L never rises. The unobserved pairs add a
/// Gram matrix, summed once per half-step. Many factors are improved by a few steps of conjugate gradient, which lower
/// L nearly as far at a fraction of the cost of the closed form. L is the same in every orthonormal basis of the
/// factors: where rows are many, conjugate gradient works in the one in which the Gram matrix is diagonal, and a row
/// with few observed pairs is solved exactly (DualRidge), which costs less.
class ImplicitAls final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kImplicitAls,
      .name = "implicit-als",
      .feedback = Feedback::kImplicit,
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kInitialScale, OptionId::kConfidence,
                OptionId::kWeights, OptionId::kDiscount, OptionId::kSweep},
      .fold_in = FoldInKind::kImplicitRidge,
      .reads_features = true,
      .reads_stored = true,
      .needs_regularization = true,
      .model = {.initial_scale = 0.1, .weights = Weights::kLog}};
  static constexpr TrainingOptions kTraining = {.epochs = 15};

  /// Needs ratings of 0 or more.
  ImplicitAls(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features);

  bool Work(int epoch, Model& model, Budget& budget) override;
  std::optional<Measured> Measure() const override;

 private:
  using Phase = AlternatingSchedule::Phase;
  /// The sums over the side that a half-step holds fixed.
  struct FixedSide {
    Gram gram;
    Preconditioner preconditioner;
    GramBasis basis;
    /// True when conjugate gradient works in that basis.
    bool turns;

    FixedSide(int factors, bool in_basis)
        : gram(StrideOf(factors)), preconditioner(StrideOf(factors)), basis(factors), turns(in_basis) {}
  };
  struct HalfStep {
    const Model& model;
    const RatingsSide& side;
    FactorMatrix& factors;
    const FactorMatrix& other_factors;
    const FixedSide& fixed;
    const FeaturePrior& prior;
    Sweep sweep;
    /// True where the observed pairs' share of L is wanted: for the users, who are improved last.
    bool measured;

    bool Turns() const { return fixed.turns && sweep == Sweep::kConjugateGradient; }
  };
  /// Scratch space of a worker.
  struct Scratch {
    ImplicitRidge ridge;
    ConjugateGradient gradient;
    DualRidge few;
    BlockDescent descent;
    std::vector<float> turned;
    /// Of the row: d + λ, λ m / (d + λ), and the targets.
    std::vector<float> strength;
    std::vector<float> mean;
    std::vector<float> ones;
    RecurringWeights by_rating;
    std::vector<float> weights;
  };
  /// Twice a row's share of L: Σ c (1 − u·v)² and λ_n ‖x − m‖².
  struct RowLoss {
    double observed = 0.0;
    double penalty = 0.0;
  };

  bool WorkPhase(int epoch, Model& model, Budget& budget);
  /// Prepares conjugate gradient for the half-step that holds a side fixed; may turn its factors, and the weights of
  /// its features, into another basis.
  bool Precondition(FixedSide& side, FactorMatrix& factors, FeaturePrior& prior, FactorMatrix& weights, Sweep sweep,
                    Budget& budget);
  /// Before a half-step; in its basis.
  void LearnPrior(const HalfStep& step, FeaturePrior& prior, FactorMatrix& weights, std::span<float> ridges) const;
  /// The weights of the pairs of a row, and its ridge.
  float WeighRow(const HalfStep& step, Index row, RecurringWeights& by_rating, std::vector<float>& weights) const;
  RowLoss SolveRow(const HalfStep& step, Index row, Scratch& scratch) const;
  /// Prepares the closed form of a row with few observed pairs; false where conjugate gradient is to improve the row.
  static bool BuildsFew(const ImplicitRow& row, Scratch& scratch);
  static double Solve(const ImplicitRow& row, const HalfStep& step, Scratch& scratch, float* x);

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  ForWorkers<Scratch> scratch_;
  AlternatingSchedule schedule_;
  FixedSide users_;
  FixedSide items_;
  std::vector<RowLoss> item_loss_;
  std::vector<RowLoss> user_loss_;
  FeaturePrior item_prior_;
  FeaturePrior user_prior_;
  /// While a half-step waits for its next slice.
  bool is_under_way_ = false;
};

}  // namespace matfac
