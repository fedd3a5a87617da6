#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// SVD++ (Koren 2008, "Factorization meets the neighborhood", section 4), which also uses which items a user rated.
///   r̂ = μ + b_u + b_i + q_i·z_u,  z_u = p_u + s_u,  s_u = |N(u)|^(−½) Σ_{j ∈ N(u)} y_j
///   L = ½ Σ (r − r̂)² + ½ σ λ Σ_ui (‖p_u‖² + ‖q_i‖² + ‖y_i‖²) + ½ λ_b Σ_ui (b_u² + b_i²), summed over the observed pairs
/// Stochastic gradient descent visits the ratings one by one:
///   e = r − r̂
///   b ← b + η_b (e − λ_b b) for both biases
///   q_i ← q_i + η/σ (e z_u − σ λ q_i),  p_u ← p_u + η/σ (e q_i − σ λ p_u), both from the old values
/// while s_u stays fixed; its gradient is summed, and after the user's last rating
///   y_j ← y_j + η_y/σ (|N(u)|^(−½) Σ_i e q_i − σ λ y_j) for each j ∈ N(u), with η_y = η / 10,
/// because every rating of the user changes every y_j. With the ratings' standard deviation σ these are Koren's steps
/// on standardized ratings. An epoch ends with z for the new y, in the model's user factors; the model's state keeps p.
///
/// The users come in an order shuffled by the seed, in blocks. Threads share the ratings of a block in tiles, some of
/// its users × a group of items, in rounds without a common row, and beside them the y of the block before and the s of
/// the block after: the s of a block are those after the block before the last. The order follows from the ratings and
/// the seed alone, so the model does not depend on the number of threads.
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
    float implicit;
    float lambda;
    float bias;
    float bias_keep;
  };
  /// Of a user under way, the first three of length stride and one after the other.
  struct UserRows {
    static constexpr int kCount = 3;
    float* implicit;  // s
    float* sum;       // z
    float* gradient;  // Σ e q
    Index* bounds;    // where the ratings of each group of items begin, and the end
  };
  /// Blocks of users.
  static constexpr Index kUnderWay = 3;

  Index Groups() const { return static_cast<Index>(item_ends_.size()); }
  /// Rows of users become z = p + s of p, or p = z − s of z.
  bool AddImplicit(const float* from, float sign, float* to, const Model& model, Budget& budget);
  bool VisitUsers(int epoch, Model& model, Budget& budget);
  /// The users of a block of the order, none before the first and after the last.
  std::span<const Index> UsersOf(Index block) const;
  UserRows RowsOf(Index block, Index place);
  /// Begins with the users of block `step_`, visits the ratings of the one before and takes the steps of y for the one
  /// before that.
  void Step(Model& model, const Steps& steps);
  /// Every Groups()-th user.
  void BeginUsers(Index first, const Model& model);
  /// The ratings of every Groups()-th user in one group of items, another one in each round.
  void VisitTile(Index round, Index first, Model& model, const Steps& steps);
  void VisitRatings(Index user, Index group, const UserRows& rows, Model& model, const Steps& steps);
  /// The y of one group of items, and p of every Groups()-th user.
  void StepImplicit(Index group, Model& model, const Steps& steps);

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  Random random_;
  RowBlocks user_blocks_;
  std::vector<Index> item_ends_;  // the first item after each group
  std::vector<Index> order_;      // of the users, this epoch
  Index most_users_;              // of a block
  std::vector<float> rows_;       // of the users under way
  std::vector<Index> bounds_;     // of the users under way
  Index step_ = 0;                // of this epoch
  Phase phase_ = Phase::kStart;
};

}  // namespace matfac
