#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/for_workers.h"
#include "base/kernels.h"
#include "data/ratings.h"
#include "rows/row_blocks.h"
#include "solvers/variational/feature_slopes.h"
#include "solvers/variational/moments.h"
#include "solvers/variational/row_prior.h"
#include "solvers/variational/row_solution.h"
#include "solvers/variational/user_moods.h"

namespace matfac {

/// r ↦ (r − mean) / deviation
struct Standard {
  float mean = 0.0F;
  float deviation = 1.0F;

  float Of(float rating) const { return (rating - mean) / deviation; }
};

/// The users, or the items: the normal posterior N(m, S) of each row's x = [factors; bias], given the posteriors of the
/// other side's rows z = [v; 1] with biases b, on standardized ratings r:
///   S = (Λ + Σ_j t_j E z zᵀ)⁻¹,  m = S (Λ μ + Σ_j t_j (r_j E z − E b_j z))
/// with the prior N(μ, Λ⁻¹) of RowPrior and FeatureSlopes, and the noise precision t of the rating's user. The moments
/// of the other side are summed as whole records (moments.h), so that a rating costs additions alone.
class VariationalSide {
 public:
  VariationalSide(const RatingsSide& side, const Features& features, int factors, const RowPrior& prior, int workers);

  /// Starts from these factors and biases, with the same variance of every entry.
  void Start(const FactorMatrix& factors, const std::vector<float>& bias, float variance);

  /// From now on ratings count less their moods, which are those at the time of use.
  void SetMoods(const RatingMoods& moods) { moods_ = moods; }

  /// What the errors of a row follow from.
  struct RowSums {
    std::span<const float> moments;   // Σ of the other side's records
    std::span<const float> weighted;  // Σ r × their heads
    double squares = 0.0;             // Σ r²
  };

  /// Improves a row to its optimum. `precision` is t of all its ratings, or 1 where the other side's records are
  /// already weighed by it. The sums are valid until the worker's next row.
  RowSums Improve(Index row, const FactorMatrix& other_records, const Standard& standard, float precision, int worker);
  /// Σ_j E (r − r̂)² of the row that was improved last with these sums.
  double SquaredErrors(Index row, const RowSums& sums) const;

  /// Takes the rows' preference factors, the features between the first and the last.
  void SetPreference(const FactorMatrix& preference);
  /// Continues the sums that the prior is learned from.
  bool SumColumns(Workers& workers, Budget& budget) {
    return gram_.Work(slopes_ ? residuals_ : columns_, workers, budget);
  }
  /// After complete sums; with `means`, not λ alone.
  void LearnPrior(bool means);
  /// Multiplies the record of each row by a number of its own.
  template <typename Weight>
  void Weigh(const Weight& weight) {
    for (Index row = 0; row < side_.RowCount(); ++row) {
      kernels::Scale(weight(row), RowOf(records_, row), layout_.length);
    }
  }

  const FactorMatrix& Records() const { return records_; }
  const RowPrior& Prior() const { return prior_; }
  /// What the prior adds to the free energy beside the rows.
  double PriorFreeEnergy() const { return prior_.FreeEnergy() + (slopes_ ? slopes_->FreeEnergy() : 0.0); }
  /// KL(q ‖ p) of all rows, with the priors that they were improved with.
  double RowFreeEnergy() const;
  /// m of a row, the bias last.
  const float* Means(Index row) const { return RowOf(columns_, row) + prior_.Features(); }
  /// S_dd of each row.
  const FactorMatrix& Variances() const { return variances_; }
  RowPrior& MutablePrior() { return prior_; }
  /// Null without features.
  FeatureSlopes* Slopes() { return slopes_.get(); }
  const FeatureSlopes* Slopes() const { return slopes_.get(); }
  std::span<float> MutableRecords() { return {records_.data(), static_cast<std::size_t>(records_.size())}; }

 private:
  /// Scratch space of a worker.
  struct Scratch {
    std::vector<float> targets;
    std::vector<float> moments;
    std::vector<float> weighted;
    std::vector<float> matrix;
    std::vector<float> right;
    std::vector<float> prior;
    std::vector<float> lower;
    std::vector<float> covariance;
    std::vector<float> mean;
  };

  double SumRecords(Index row, const FactorMatrix& records, const Standard& standard, Scratch& scratch) const;
  void BuildSystem(Index row, float precision, Scratch& scratch) const;
  void WriteRecord(Index row, const float* covariance);
  void WriteResiduals(Index row);
  void LearnSlopes();

  const RatingsSide& side_;
  int entries_;
  int stride_;
  MomentLayout layout_;
  RowPrior prior_;
  RatingMoods moods_;
  /// For each row the features, then m; padded.
  FactorMatrix columns_;
  std::unique_ptr<FeatureSlopes> slopes_;
  /// The same, with what the features add to the prior means taken from m; no rows without features.
  FactorMatrix residuals_;
  FactorMatrix variances_;
  FactorMatrix records_;
  /// KL(q ‖ p) of each row without the −½ Σ log λ that all have.
  std::vector<double> energy_;
  ForWorkers<Scratch> scratch_;
  Gram gram_;
};

}  // namespace matfac
