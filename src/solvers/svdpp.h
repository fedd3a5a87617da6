#pragma once

#include <array>
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
  /// Of a user under way, each of length stride and one after the other.
  struct UserRows {
    static constexpr int kCount = 4;
    float* implicit;  // s
    float* sum;       // z
    float* pull;      // η λ s
    float* gradient;  // Σ e q
  };
  /// Users under way.
  struct Block {
    std::span<const Index> users;
    std::vector<float> rows;          // UserRows
    std::vector<std::size_t> bounds;  // of each user: where the ratings of each group of items begin, and the end

    UserRows Of(std::size_t user, int stride) {
      float* const first = &rows[user * UserRows::kCount * stride];
      return {.implicit = first, .sum = first + stride, .pull = first + 2 * stride, .gradient = first + 3 * stride};
    }
  };

  Index Groups() const { return static_cast<Index>(item_ends_.size()); }
  /// p = z − s, for a model without p.
  bool Split(Model& model, Budget& budget);
  bool VisitUsers(int epoch, Model& model, Budget& budget);
  /// z = p + s.
  bool Join(Model& model, Budget& budget);
  /// Takes the next users of the order as the newest block; returns about the multiply-adds for them.
  std::int64_t Advance();
  /// Begins with the users of the newest block, visits the ratings of the middle one and takes the steps of y for the
  /// oldest.
  void Step(Model& model, const Steps& steps);
  /// Every Groups()-th user.
  void BeginUsers(Index first, Model& model, const Steps& steps);
  /// The ratings of every Groups()-th user in one group of items, another one in each round.
  void VisitTile(Index round, Index first, Model& model, const Steps& steps);
  /// The ratings `begin` … `end` − 1 of a user.
  void VisitRatings(Index user, std::size_t begin, std::size_t end, const UserRows& rows, Model& model,
                    const Steps& steps);
  /// The y of one group of items, and p of every Groups()-th user.
  void StepImplicit(Index group, Model& model, const Steps& steps);

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  Random random_;
  RowBlocks user_blocks_;
  std::vector<Index> item_ends_;  // the first item after each group
  std::vector<Index> order_;      // of the users, this epoch
  std::size_t next_user_ = 0;     // in order_
  std::array<Block, 3> blocks_;   // the newest first
  Phase phase_ = Phase::kStart;
};

}  // namespace matfac
