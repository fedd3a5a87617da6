#pragma once

#include <span>
#include <vector>

#include "base/factors.h"
#include "rows/gram.h"

namespace matfac {

/// The prior of the rows of a side: entry d of a row (a factor, or at the end the bias) is normal about a linear
/// function of the row's features,
///   x_d ~ N(a_d·f, 1 / λ_d),  a_d ~ N(0, I / γ_d) but for the constant,  f = [1, preference factors, log(1 + n)]
/// where λ, γ and the normal posterior of a_d are learned from the posteriors of the rows (variational linear
/// regression, Bishop 2006, section 10.3):
///   Σ_d = (λ_d Σ f fᵀ + γ_d I)⁻¹,  a_d = λ_d Σ_d Σ f m_d,  γ_d = dim a_d / (‖a_d‖² + tr Σ_d)
///   λ_d = rows / Σ ((m_d − a_d·f)² + fᵀ Σ_d f + S_dd)
/// with the features centred and divided by their standard deviations.
class RowPrior {
 public:
  /// `entries` is F + 1. Starts with these precisions of the factors and of the bias, and means of 0.
  RowPrior(int entries, int features, float factor_precision, float bias_precision);

  int Features() const { return features_; }
  /// The numbers of a row that are learned from, in this order: the features, then the entries.
  int Columns() const { return features_ + entries_; }

  /// Learns from the sums over `rows` rows: the Gram matrix of their Columns(), and Σ S_dd of each entry.
  void Learn(const Gram& gram, Index rows, std::span<const double> variances);
  /// Learns λ alone, with means of 0.
  void LearnPrecisions(const Gram& gram, Index rows, std::span<const double> variances);

  /// The prior means of the row with these features, one for each entry.
  void MeansOf(const float* features, float* means) const;
  std::span<const float> Precisions() const { return precisions_; }
  std::span<const float> Weights() const { return weights_; }
  /// What the prior adds to the free energy beside the rows: KL(q(a) ‖ p(a)) and the rows' ½ λ_d fᵀ Σ_d f.
  double FreeEnergy() const { return free_energy_[0]; }
  /// Appends all that the next epoch needs of this one.
  void AddTo(std::vector<std::span<float>>& state);

 private:
  struct ColumnMoments;

  /// Returns what the entry adds to the free energy.
  double LearnEntry(int entry, const ColumnMoments& moments, double variance);
  void SetPrecision(int entry, double rows, double squares);
  void SetWeights(int entry, const ColumnMoments& moments, const std::vector<double>& slope);

  int entries_;
  int features_;
  std::vector<float> precisions_;
  /// Row d has a_d.
  std::vector<float> weights_;
  std::vector<float> shrinkage_;  // γ_d
  /// A single number.
  std::vector<float> free_energy_ = {0.0F};
};

}  // namespace matfac
