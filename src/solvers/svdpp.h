#pragma once

#include <vector>

#include "base/random.h"
#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// SVD++ (Koren 2008, "Factorization meets the neighborhood", section 4), which also uses which items a user rated.
///   r̂ = μ + b_u + b_i + q_i·z_u,  z_u = p_u + s_u,  s_u = |N(u)|^(−½) Σ_{j ∈ N(u)} y_j
///   L = ½ Σ (r − r̂)² + ½ σ λ Σ_ui (‖p_u‖² + ‖q_i‖² + ‖y_i‖²) + ½ λ_b Σ_ui (b_u² + b_i²), summed over the observed pairs
/// Stochastic gradient descent visits the users in an order shuffled by the seed, and a user's ratings one by one:
///   e = r − r̂
///   b ← b + η_b (e − λ_b b) for both biases
///   q_i ← q_i + η/σ (e z_u − σ λ q_i),  p_u ← p_u + η/σ (e q_i − σ λ p_u), both from the old values
/// while s_u stays fixed; its gradient is summed, and after the user's last rating
///   y_j ← y_j + η_y/σ (|N(u)|^(−½) Σ_i e q_i − σ λ y_j) for each j ∈ N(u), with η_y = η / 10,
/// because every rating of the user changes every y_j. With the ratings' standard deviation σ these are Koren's steps
/// on standardized ratings. An epoch ends with z for the new y, in the model's user factors; the model's state keeps p.
class Svdpp final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kSvdpp,
      .name = "svd++",
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kBiasRegularization, OptionId::kLearningRate,
                OptionId::kLearningRateDecay, OptionId::kBiasLearningRate, OptionId::kBiases, OptionId::kInitialScale,
                OptionId::kPreference, OptionId::kPreferenceFactors},
      .ridge = RidgeWeight::kPerVisit,
      .has_item_implicit = true,
      .model = {.factors = 64,
                .regularization = 0.053,
                .bias_regularization = 0.02,
                .biases = true,
                .initial_scale = 0.094,
                .preference = true}};
  static constexpr TrainingOptions kTraining = {
      .epochs = 35, .learning_rate = 0.0225, .learning_rate_decay = 0.95, .bias_learning_rate = 0.002};

  Svdpp(const Ratings& ratings, const Options& options, Workers& workers);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  enum class Phase : std::uint8_t { kStart, kSplit, kVisit, kJoin };
  struct Steps {
    float factors;
    float bias;
    float implicit;
  };

  /// p = z − s, for a model without p.
  bool Split(Model& model, Budget& budget);
  bool VisitUsers(int epoch, Model& model, Budget& budget);
  /// z = p + s.
  bool Join(Model& model, Budget& budget);
  void VisitUser(Index user, Model& model, const Steps& steps);
  void VisitRating(Index user, Index item, float rating, Model& model, const Steps& steps);

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  Random random_;
  RowBlocks user_blocks_;
  std::vector<Index> order_;   // of the users, this epoch
  std::size_t next_user_ = 0;  // in order_
  Phase phase_ = Phase::kStart;
  // Of the current user, each of length stride.
  std::vector<float> implicit_;  // s
  std::vector<float> sum_;       // z
  std::vector<float> pull_;      // η λ s
  std::vector<float> gradient_;  // Σ e q
};

}  // namespace matfac
