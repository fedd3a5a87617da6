#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/for_workers.h"
#include "rows/dual_ridge.h"
#include "rows/ridge.h"
#include "rows/row_blocks.h"
#include "solvers/bayesian/bayesian_days.h"
#include "solvers/bayesian/bayesian_ordinal.h"
#include "solvers/bayesian/bayesian_prior.h"
#include "solvers/solver.h"

namespace matfac {

/// The conditions of a draw of a side's rows, besides the other side and the prior.
struct BayesianGiven {
  int epoch = 1;
  /// The constant term of every score.
  double level = 0.0;
  /// α = 1 / variance of a rating about r̂ where the weights are 1.
  double noise_precision = 1.0;
};

/// Sums over one row's ratings, or over all ratings, with e = r − r̂ and the weight w of a rating.
struct BayesianErrors {
  /// Σ w, Σ w e, Σ w e²
  double weight = 0.0;
  double weighted_sum = 0.0;
  double weighted_squares = 0.0;
  /// Σ e², and the same with r̂ clipped to the ratings' range.
  double squares = 0.0;
  double clipped_squares = 0.0;
};

/// The users, or the items, of a Bayesian factorization, and their part of a Gibbs sweep. Given the other side's rows
/// v, a row's factors and bias are drawn together from their posterior, which is normal:
///   x ~ N(A⁻¹ (α Σ w t v + λ∘m), A⁻¹) with A = α Σ w v vᵀ + diag(λ) and t = r − level − the other's bias,
/// where the bias is one more factor with v = 1, and w = φ ψ is the product of the weights of the rating's user and
/// item. The prior mean m is μ, and with terms μ + Σ_j w_j y_j (bayesian_terms.h). With days t is less the day's bias,
/// and a user's days are drawn after the user's row (bayesian_days.h). After a row, its weight φ is drawn given n
/// errors and the weights ψ of the other side:
///   φ ~ Gamma(½ (ν + n), rate ½ (ν + α Σ ψ e²)), a priori Gamma(½ ν, rate ½ ν)
/// A row with fewer ratings than factors is drawn by a system of its ratings (DualRidge).
/// With ordered ratings their latent values stand for r (bayesian_ordinal.h).
class BayesianSide {
 public:
  enum class Kind : std::uint8_t { kUsers, kItems };

  /// `has_terms` is true where the rows' prior means have terms. The users' days and the latent values, which may be
  /// null, must outlive this.
  BayesianSide(Kind kind, const Ratings& ratings, const Options& options, const PriorScale& scale, bool has_terms,
               BayesianUses uses, int workers, BayesianDays* days = nullptr, const BayesianOrdinal* ordinal = nullptr);

  /// Starts from the rows of a model: its first columns, and its biases.
  void Start(const FactorMatrix& factors, const std::vector<float>& bias);
  void DrawPrior(int epoch);
  /// Continues the sweep over the rows; returns true when it is complete.
  bool DrawRows(const BayesianSide& other, const BayesianGiven& given, Workers& workers, Budget& budget);
  /// Of the users, after a complete sweep.
  BayesianErrors Errors() const;

  const RatingsSide& Side() const { return side_; }
  const BayesianRows& Rows() const { return rows_; }
  const NormalPrior& Prior() const { return prior_; }
  /// φ of each row.
  const std::vector<float>& Weights() const { return weights_; }
  /// With terms: x − Σ_j w_j y_j of each row. A change of y must change it too.
  BayesianRows& Own() { return own_; }
  /// Appends all that the next sweep needs of this one.
  void AddTo(std::vector<std::span<float>>& chain);

 private:
  /// Scratch space of a worker.
  struct Scratch {
    RidgeSystem system;
    DualRidge few;
    std::vector<float> targets;
    std::vector<float> weights;
    std::vector<float> errors;
    std::vector<float> strength;
    std::vector<float> mean;
    std::vector<float> noise;
    std::vector<float> drawn;
  };

  void DrawRow(Index row, const BayesianSide& other, const BayesianGiven& given, Scratch& scratch);
  void BuildSystem(Index row, const BayesianSide& other, const RidgeRatings& ratings, double precision,
                   Scratch& scratch) const;
  /// Gathers the row's ratings, with the level and the other side's biases subtracted, in the scratch space.
  RidgeRatings Gather(Index row, const BayesianSide& other, double level, Scratch& scratch) const;
  /// The ratings of a row, or the latent values behind them.
  std::span<const float> ValuesOf(Index row) const;
  /// Computes λ / `precision` and m of a row in the scratch space.
  RidgePrior PriorOf(Index row, double precision, Scratch& scratch) const;
  void Replace(Index row, const std::vector<float>& factors, float bias);
  /// Computes r − r̂ of the row's ratings in the scratch space.
  void Compare(Index row, const BayesianSide& other, Scratch& scratch) const;
  void DrawWeight(Index row, double noise_precision, const Scratch& scratch, Random& random);
  /// Of a row, where a rating's weight is the other side's alone.
  BayesianErrors ErrorsOf(Index row, const Scratch& scratch) const;

  Kind kind_;
  const RatingsSide& side_;
  float minimum_;
  float maximum_;
  int factors_;
  bool has_terms_;
  BayesianDays* days_;
  const BayesianOrdinal* ordinal_;
  std::uint64_t seed_;
  BayesianUses uses_;
  PriorScale scale_;
  BayesianRows rows_;
  BayesianRows own_;
  NormalPrior prior_;
  std::vector<float> weights_;
  std::vector<BayesianErrors> errors_;
  ForWorkers<Scratch> scratch_;
  RowBlocks blocks_;
};

}  // namespace matfac
