#pragma once

#include <vector>

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
/// With biases, E's row and column sums are their gradients, and η_b their rate.
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

  GradientDescent(const Ratings& ratings, const Options& options);

  bool Work(int epoch, Model& model, Budget& budget) override;

  /// The full gradient at `model`.
  Gradient At(const Model& model);

 private:
  bool Accumulate(const Model& model, Budget& budget);
  /// Adds one user's share of E V and Eᵀ U; returns the number of ratings.
  Offset AddUser(const Model& model, Index user);
  void Regularize(const Model& model);
  void Step(Model& model, float rate, float bias_rate) const;

  const Ratings& ratings_;
  Options options_;
  Gradient gradient_;
  Index next_user_ = 0;
};

}  // namespace matfac
