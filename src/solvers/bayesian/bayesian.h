#pragma once

#include <optional>
#include <span>
#include <vector>

#include "solvers/bayesian/bayesian_samples.h"
#include "solvers/bayesian/bayesian_side.h"
#include "solvers/bayesian/bayesian_terms.h"
#include "solvers/solver.h"

namespace matfac {

/// Bayesian matrix factorization by Gibbs sampling (Salakhutdinov and Mnih 2008, "Bayesian probabilistic matrix
/// factorization using Markov chain Monte Carlo"), with the independent hyperpriors and the implicit terms of Rendle,
/// Zhang and Koren 2019 ("On the difficulty of evaluating baselines", arXiv 1905.01395):
///   r ~ N(w_0 + w_u + w_i + p_u·q_i, 1/(α φ_u ψ_i)), each factor and each kind of bias normal about a mean μ with
///   precision λ, all μ, λ and α drawn as well (bayesian_prior.h). φ_u and ψ_i, near 1, distinguish users who rate
///   consistently, and items that are rated so, from others (Lakshminarayanan, Bouchard and Archambeau 2011, "Robust
///   Bayesian matrix factorisation"): on held-out MovieLens ratings φ lowered the error by 0.0025, more than any number
///   of factors.
///   With implicit terms each p_u and w_u is normal about μ + Σ_j y_j / √n over the n items j that u rated, with 'both'
///   each q_i and w_i likewise over the users who rated it.
///   With features the mean has terms of these too, Σ_j f_j y_j (bayesian_terms.h); with days each user's day has a bias
///   (bayesian_days.h).
///   With the likelihood 'ordinal' all this is of latent values, where α = 1 / variance of the ratings and w_0 are fixed
///   (bayesian_ordinal.h).
/// An epoch is one sweep: α and w_0, the items' priors, rows and terms, then the users'. The priors scale with
/// the variance of the ratings, so that ratings on another scale give the same model on that scale. The model keeps
/// samples of the sweeps (bayesian_samples.h), and its predictions are their mean.
class Bayesian final : public Solver {
 public:
  static constexpr SolverTraits kTraits = {
      .kind = SolverKind::kBayesian,
      .name = "bayesian",
      .reads = {OptionId::kFactors, OptionId::kBiases, OptionId::kInitialScale, OptionId::kImplicitTerms,
                OptionId::kSamples, OptionId::kPreference, OptionId::kPreferenceFactors, OptionId::kTime,
                OptionId::kLikelihood},
      .fold_in = FoldInKind::kPosterior,
      .reads_features = true,
      .model = {.factors = 8, .biases = true, .initial_scale = 1.0, .samples = 64, .preference = true}};
  static constexpr TrainingOptions kTraining = {.epochs = 300};

  /// Needs features of the ratings' users and items, or none; they are copied.
  Bayesian(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features);
  /// With priors for this variance, above 0, in place of the ratings' own.
  Bayesian(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features,
           double variance);

  bool Work(int epoch, Model& model, Budget& budget) override;
  /// For the current sweep, not for the mean: ½ Σ e² and the root mean square of e with r̂ clipped; with ordered ratings
  /// −Σ log P, and the root mean square of the errors of the expected ratings.
  std::optional<Measured> Measure() const override;
  bool KeepsModelWhole() const override { return true; }

 private:
  enum class Stage : std::uint8_t { kStart, kFirstValues, kItems, kItemTerms, kUsers, kUserTerms, kValues };

  /// The terms of a side's prior means.
  struct Terms {
    std::optional<BayesianTerms> implicit;
    std::optional<BayesianTerms> features;

    std::vector<BayesianTerms*> All();
  };

  void MakeTerms(const SideFeatures& features);
  void StartEpoch(int epoch, const Model& model);
  void StartTraining(int epoch, const Model& model);
  void DrawNoise(int epoch);
  /// Continues the stage; returns true when it is complete.
  bool WorkStage(Budget& budget);
  /// Continues the draw of the terms of a side; returns true when it is complete.
  bool DrawTerms(Terms& terms, BayesianSide& side, Budget& budget);
  /// Continues the draw of the cut points and the latent values; returns true when it is complete, or there are none.
  bool DrawValues(int epoch, CutMove move, Budget& budget);
  void Keep(Model& model);
  /// The parts of the chain, which follow a header of numbers in the model's state.
  std::vector<std::span<float>> Chain();
  void WriteState(Model& model);
  /// Returns false when the model has no state of this chain's size.
  bool ReadState(const Model& model);

  const Ratings& ratings_;
  Options options_;
  Workers& workers_;
  double variance_;
  int first_epoch_;  // epochs before the first that the schedule counts
  SampleSchedule schedule_;
  std::optional<BayesianDays> days_;
  std::optional<BayesianOrdinal> ordinal_;
  BayesianSide users_;
  BayesianSide items_;
  Terms user_terms_;
  Terms item_terms_;
  std::size_t next_terms_ = 0;
  BayesianGiven given_;
  BayesianErrors errors_;
  Stage stage_ = Stage::kStart;
};

}  // namespace matfac
