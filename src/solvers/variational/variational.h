#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "solvers/preference_layer.h"
#include "solvers/solver.h"
#include "solvers/variational/user_moods.h"
#include "solvers/variational/user_noise.h"
#include "solvers/variational/variational_side.h"

namespace matfac {

/// Variational Bayesian matrix factorization with biases (Lim and Teh 2007, "Variational Bayesian approach to movie
/// rating prediction"; Raiko, Ilin and Karhunen 2007, "Principal component analysis for large scale problems with lots
/// of missing values"), in two layers: who rates what says who they are, how well they rate it is learned around that.
///   r ~ N(mean + σ (u·v + b_u + b_i), σ² / t_u),  rows normal about a linear function of their vectors in who takes what,
/// of the logarithm of their number of ratings (row_prior.h) and of their features (feature_slopes.h), the noise t_u
/// each user's own (user_noise.h). With time, r̂ gains the user's mood at that time (user_moods.h). An epoch improves
/// the posterior of every item, of every user, of the moods, then of the priors and the noise; ratings are
/// standardized. Its loss is the free energy, −1 × the lower bound of the log evidence, which never rises while the
/// first layer stays the same. Training ends by itself once an epoch lowers it by less than 1/10,000 for each rating.
///
/// The model keeps m of each row, and the diagonal of S for fold-in and uncertainty, in units of a rating.
class Variational final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kVariational,
      .name = "variational",
      .reads = {OptionId::kFactors, OptionId::kPreference, OptionId::kPreferenceFactors, OptionId::kTime},
      .fold_in = FoldInKind::kVariational,
      .reads_features = true,
      .model = {.biases = true, .initial_scale = 0.3, .preference = true}};
  static constexpr TrainingOptions kTraining = {.epochs = 40};

  /// The layer, which must outlive this, improves before each epoch; null without preference.
  Variational(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features,
              const PreferenceLayer* preference = nullptr);

  bool Work(int epoch, Model& model, Budget& budget) override;
  std::optional<Measured> Measure() const override;
  bool KeepsModelWhole() const override { return true; }
  bool HasConverged() const override;

 private:
  /// In order.
  enum class Stage : std::uint8_t { kStart, kItems, kUsers, kMoods, kClipped, kItemColumns, kUserColumns };

  void StartEpoch(int epoch, const Model& model);
  bool WorkStage(Budget& budget);
  void SolveUser(Index user, int worker);
  /// r̂ of the user's ratings without moods, valid until the worker's next row. Needs records that are not weighed.
  std::span<const float> ScoreRow(Index user, int worker);
  void SumClippedSquares(Index user, int worker);
  void EndEpoch(int epoch, Model& model);
  void WriteRows(const VariationalSide& side, FactorMatrix& factors, std::vector<float>& bias,
                 FactorMatrix& variances) const;
  void WriteModel(Model& model);
  /// The weights of a side's features, for a model, and from one.
  void WriteWeights(const VariationalSide& side, FactorMatrix& weights) const;
  void ReadWeights(const FactorMatrix& weights, VariationalSide& side) const;
  /// All that the next epoch needs of this one; items are improved first, so of them the prior alone.
  std::vector<std::span<float>> State();
  bool ReadState(const Model& model);

  const Ratings& ratings_;
  int factors_;
  Workers& workers_;
  const PreferenceLayer* preference_;
  Standard standard_;
  VariationalSide users_;
  VariationalSide items_;
  UserNoise noise_;
  std::unique_ptr<UserMoods> moods_;
  // Scratch of each worker.
  std::vector<std::vector<float>> scores_;
  std::vector<std::vector<float>> errors_;
  RowBlocks item_blocks_;
  RowBlocks user_blocks_;
  std::vector<double> expected_squares_;  // of each user's errors
  std::vector<double> clipped_squares_;   // of each user's errors with r̂ clipped
  /// The loss of the last epoch and of the one before.
  std::vector<float> losses_;
  int epochs_done_ = 0;
  bool started_ = false;
  Stage stage_ = Stage::kStart;
};

}  // namespace matfac
