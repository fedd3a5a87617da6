#pragma once

#include <vector>

#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// ∂L/∂U, ∂L/∂V and the biases' share, in the shapes of the model.
struct Gradient {
  FactorMatrix user_factors;
  FactorMatrix item_factors;
  std::vector<float> user_bias;
  std::vector<float> item_bias;
};

/// Batch gradient descent (Aggarwal, Recommender Systems: The Textbook, section 3.6.4).
///   L = ½ Σ (r̂ − r)² over the observed pairs [+ ½ λ (‖U‖² + ‖V‖²) + ½ λ_b ‖biases‖²]
///   E = R̂ − R, zero where R is missing
///   U ← U − η (E V + λ U),  V ← V − η (Eᵀ U + λ V), both from the same U and V
/// With biases, E's row and column sums are their gradients, and η_b their rate. Each row of E V, and of Eᵀ U, is a sum
/// of its own in the order of its ratings: threads share the rows, and the bits do not depend on their number.
class GradientDescent final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kGradientDescent,
      .name = "gradient-descent",
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kBiasRegularization, OptionId::kLearningRate,
                OptionId::kLearningRateDecay, OptionId::kBiasLearningRate, OptionId::kBiases, OptionId::kInitialScale,
                OptionId::kPreference, OptionId::kPreferenceFactors},
      .ridge = RidgeWeight::kConstant,
      .in_rating_units = true,
      .model = {.factors = 4}};
  static constexpr TrainingOptions kTraining = {.epochs = 300};

  /// The workers outlive the solver.
  GradientDescent(const Ratings& ratings, const Options& options, Workers& workers);

  bool Work(int epoch, Model& model, Budget& budget) override;

  /// The full gradient at `model`.
  Gradient At(const Model& model);

 private:
  /// Fills the gradient at `model`, the users' rows and then the items'.
  bool Accumulate(const Model& model, Budget& budget);
  void FillUser(const Model& model, Index user);
  void FillItem(const Model& model, Index item);
  void Step(Model& model, float rate, float bias_rate) const;

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  Gradient gradient_;
  RowBlocks user_blocks_;
  RowBlocks item_blocks_;
  bool users_done_ = false;
};

}  // namespace matfac
