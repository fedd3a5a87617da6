#pragma once

#include <span>
#include <vector>

#include "solvers/sgd_tiles.h"
#include "solvers/sgd_visit.h"
#include "solvers/solver.h"

namespace matfac {

/// Stochastic gradient descent (Aggarwal, Recommender Systems: The Textbook, section 3.6.4.1), pair by pair:
///   e = r − r̂
///   u ← u + η (e v − λ u),  v ← v + η (e u − λ v), both from the old values
///   b ← b + η_b (e − λ_b b) for both biases, in a model with biases
/// Adaptive steps divide a row's η by √G, where G = 1 + the sum of the mean squares of the row's gradients so far: one
/// number, in units of the ratings, per row (Chin, Zhuang, Juan and Lin 2015, "A learning-rate schedule for stochastic
/// gradient methods to matrix factorization", without its twin learners, which did not help on held-out MovieLens
/// ratings). The seed gives a random order: pairs are grouped in tiles of users × items whose rows fit a second-level
/// cache; each epoch shuffles the tiles, and the pairs within each. A small matrix is a single tile. Threads share the
/// tiles of a round, which have no row in common, and those of the next whose rows are free (Gemulla, Nijkamp, Haas and
/// Sismanis 2011, "Large-scale matrix factorization with distributed stochastic gradient descent"). The order within a
/// tile follows from seed, epoch and tile alone, so the model does not depend on the number of threads.
class Sgd final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kSgd,
      .name = "sgd",
      .reads = {OptionId::kFactors, OptionId::kRegularization, OptionId::kBiasRegularization, OptionId::kLearningRate,
                OptionId::kLearningRateDecay, OptionId::kBiasLearningRate, OptionId::kAdaptive, OptionId::kBiases,
                OptionId::kInitialScale, OptionId::kPreference, OptionId::kPreferenceFactors},
      .ridge = RidgeWeight::kPerRating,
      .reads_stored = true,
      .in_rating_units = true,
      // Few factors: without regularization they are what holds back overfitting.
      .model = {.factors = 4}};
  static constexpr TrainingOptions kTraining = {.epochs = 30};

  /// The workers outlive the solver.
  Sgd(const Ratings& ratings, const Options& options, Workers& workers);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  void FindSquares(Model& model);
  void Shuffle(int epoch);
  SgdSteps StepsOf(int epoch, const Model& model) const;
  void VisitTile(Index tile, int epoch, const SgdRows& rows, const SgdSteps& steps);

  Options options_;
  Workers& workers_;
  SgdTiles tiles_;
  SgdVisit visit_;
  std::span<float> user_squares_;  // G, where steps are adaptive, in the model's state
  std::span<float> item_squares_;
  std::vector<Index> order_;  // of the tiles, this epoch
  std::size_t next_ = 0;      // in order_
};

}  // namespace matfac
