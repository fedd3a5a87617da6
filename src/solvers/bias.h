#pragma once

#include <vector>

#include "solvers/solver.h"

namespace matfac {

/// The baseline of every prediction (Koren 2008, section 2.1): r̂ = mean + b_u + b_i, factors zeros.
///   L = ½ Σ (r − r̂)² + ½ λ_b Σ_rows b²
/// An epoch solves exactly every item with the users fixed, then every user with the items fixed:
///   b = Σ_j (r_j − mean − b_j) / (λ_b + n) over the n ratings of the row
/// L never rises, and the epochs converge to its unique minimum. A row without ratings has the bias 0.
class Bias final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kBias,
      .name = "bias",
      .reads = {OptionId::kRegularization, OptionId::kBiasRegularization, OptionId::kPreference,
                OptionId::kPreferenceFactors},
      .ridge = RidgeWeight::kConstant,
      .has_factors = false,
      .model = {.factors = 1, .regularization = 5.0, .biases = true, .initial_scale = 1.0, .preference = true}};
  static constexpr TrainingOptions kTraining = {.epochs = 15};

  explicit Bias(const Ratings& ratings) : ratings_(ratings) {}

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  /// Continues with the rows of a side; returns true when they are complete.
  bool SolveSide(const RatingsSide& side, const Model& model, const std::vector<float>& others,
                 std::vector<float>& bias, Budget& budget);

  const Ratings& ratings_;
  bool items_done_ = false;
  Index next_row_ = 0;
};

}  // namespace matfac
