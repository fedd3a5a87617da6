#pragma once

#include <cstdint>
#include <vector>

#include "base/parallel.h"
#include "solvers/bpr_tiles.h"
#include "solvers/feature_prior.h"
#include "solvers/solver.h"

namespace matfac {

/// Bayesian personalized ranking (Rendle, Freudenthaler, Gantner and Schmidt-Thieme 2009): a user who rated item i but
/// not item j should have a higher score for i. With d = x_ui − x_uj, x_um = [b_m +] u·v_m, a sample adds
///   −ln σ(d) + ½ λ (‖u‖² + ‖v_i‖² + ‖v_j‖² [+ b_i² + b_j²])
/// and takes one step down its gradient, g = 1 − σ(d):
///   u ← u + η (g (v_i − v_j) − λ u)
///   v_i ← v_i + η (g u − λ v_i),  v_j ← v_j − η (g u + λ v_j)
///   b_i ← b_i + η (g − λ b_i),    b_j ← b_j − η (g + λ b_j)
/// all from the old values. A user's own bias would cancel in d. For each rating (u, i) an epoch draws one j, uniformly
/// from all items that the user has not rated; the value of the rating does not matter. A user who rated every item is
/// left out. With features a step decays rows towards their prior means in place of 0, and the weights of the features
/// are learned before each epoch from FeaturePrior::kFirstEpoch on from the rows as they are (feature_prior.h), each of
/// which counts once: counted by their samples, features that tell nothing cost 7 % of NDCG@10 on latest-small.
/// LightFM's sum of embeddings, learned by the same steps, is within 1 % of this on u1 with the steps that suit it, but
/// with features that tell nothing it loses 5 %, and its order of items without ratings is no better. The order is
/// random, from the seed: users in groups whose rows fit a second-level cache, and for each the tiles of bpr_tiles.h;
/// each epoch shuffles the groups, the rounds of tiles, and the samples of each tile. Threads share the tiles of a
/// round, each of another group of users, which have no row in common (as Gemulla, Nijkamp, Haas and Sismanis 2011 do
/// for ratings). The order within a tile follows from seed, epoch and tile alone, so the model does not depend on the
/// number of threads. The loss of an epoch is the sum of −ln σ(d) over its samples, each before its step, plus the
/// penalty of its samples after the epoch, averaged over j.
class Bpr final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kBpr,
      .name = "bpr",
      .feedback = Feedback::kImplicit,
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kLearningRate, OptionId::kLearningRateDecay,
                OptionId::kBiases, OptionId::kInitialScale},
      .fold_in = FoldInKind::kPairwise,
      .has_user_biases = false,
      .reads_features = true,
      .model = {.regularization = 0.01, .biases = true, .initial_scale = 0.1}};
  static constexpr TrainingOptions kTraining = {.epochs = 60, .learning_rate = 0.2, .learning_rate_decay = 0.95};

  /// The workers outlive the solver.
  Bpr(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features);

  bool Work(int epoch, Model& model, Budget& budget) override;
  std::optional<Measured> Measure() const override;

 private:
  /// One tile of each group of users under way: the group in slot s takes the tile at place s + shift of the round.
  struct Step {
    std::uint8_t round;
    std::uint8_t shift;
  };

  /// Shuffles the groups of users of a new epoch.
  void StartEpoch(int epoch);
  /// Learns the weights of the features from the rows.
  void LearnPriors(int epoch, Model& model);
  BprRows RowsOf(Model& model) const;
  /// Draws the samples of the next groups of users, and shuffles the steps on them.
  void StartBatch(int epoch);
  /// Visits the tiles of a step, and returns the number of their samples.
  std::int64_t Take(const Step& step, const BprRows& rows, float rate);
  /// Continues the sum of the penalty over rows; returns true when it is complete.
  bool AddPenalty(const Model& model, Budget& budget);

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  std::vector<Index> user_ends_;     // the first user after each group
  std::vector<double> item_visits_;  // samples of an epoch that hold the item, on average
  FeaturePrior user_prior_;
  FeaturePrior item_prior_;
  std::vector<std::uint32_t> order_;                 // of the groups of users, this epoch
  std::vector<std::vector<std::uint8_t>> is_rated_;  // for each worker, of each item
  std::vector<BprTiles> tiles_;                      // of the groups of users under way
  std::vector<BprLoss> losses_;                      // of each slot
  std::vector<Step> steps_;                          // of the batch under way
  std::size_t next_group_ = 0;                       // in order_
  std::size_t next_step_ = 0;                        // in steps_
  Index next_row_ = 0;                               // of the penalty, users before items
  double squares_ = 0.0;                             // Σ visits (‖x − m‖² [+ (b − m_b)²])
};

}  // namespace matfac
