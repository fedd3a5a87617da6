#pragma once

#include <span>
#include <vector>

#include "base/random.h"
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
/// left out.
/// The order is random, from the seed: users in blocks whose rows fit a second-level cache; each epoch shuffles the
/// blocks, and the ratings within each.
/// The loss of an epoch is the sum of −ln σ(d) over its samples, each before its step, plus the penalty of its samples
/// after the epoch, averaged over j.
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
      .model = {.regularization = 0.01, .biases = true, .initial_scale = 0.1}};
  static constexpr TrainingOptions kTraining = {.epochs = 60, .learning_rate = 0.2, .learning_rate_decay = 0.95};

  Bpr(const Ratings& ratings, const Options& options);

  bool Work(int epoch, Model& model, Budget& budget) override;
  std::optional<Measured> Measure() const override;

  /// A user, a rated item and one that is not.
  struct Sample {
    Index user;
    Index item;
    Index other;
  };

  /// The step of rate η on one sample.
  static void Step(Model& model, const Sample& sample, float rate, float regularization);

 private:
  /// Σ −ln σ(d), with few logarithms, taken of products.
  class Likelihood {
   public:
    /// Adds a sample and returns its g.
    float Add(float difference);
    double Sum() const;

   private:
    double sum_ = 0.0;
    double product_ = 1.0;
  };

  /// Shuffles the blocks of a new epoch.
  void StartEpoch(int epoch);
  /// Draws and shuffles the samples of the next block.
  void StartBlock(int epoch);
  /// An unrated item for each rated one: items are drawn until one is unrated, or among the unrated ones of a user who
  /// rated more than half of all.
  void DrawSamples(Index user, Random& random);
  Index DrawBetween(std::span<const Index> rated, Random& random) const;
  void Visit(std::span<const Sample> samples, Model& model, float rate);
  /// Continues the sum of the penalty over rows; returns true when it is complete.
  bool AddPenalty(const Model& model, Budget& budget);
  /// True when a user has unrated items, and so a sample per rating and epoch.
  bool IsSampled(Index user) const { return ratings_.ByUser().Count(user) < ratings_.ItemCount(); }

  const Ratings& ratings_;
  Options options_;
  std::vector<Index> block_ends_;       // the first user after each block
  std::vector<double> item_visits_;     // samples of an epoch that hold the item, on average
  std::vector<std::uint32_t> order_;    // of the blocks, this epoch
  std::vector<std::uint8_t> is_rated_;  // of each item, by the user whose samples are drawn
  std::vector<Sample> samples_;         // of the block under way
  std::size_t next_block_ = 0;          // in order_
  std::size_t next_sample_ = 0;         // within that block
  Index next_row_ = 0;                  // of the penalty, users before items
  Likelihood likelihood_;
  double squares_ = 0.0;  // Σ visits (‖x‖² [+ b²])
};

}  // namespace matfac
