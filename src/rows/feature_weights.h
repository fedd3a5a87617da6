#pragma once

#include <span>
#include <vector>

#include "base/factors.h"
#include "data/features.h"

namespace matfac {

/// The weights W of the features X of a side, by which the prior mean of row n is x_n W: the minimum of
///   ½ Σ_n ω_n Σ_d (y_nd − x_n·W_d)² + ½ Σ_d ρ_d ‖W_d‖²
/// which is W_d = (XᵀΩX + ρ_d I)⁻¹ XᵀΩ y_d, for targets y, weights ω of the rows and ridges ρ. It is approached by
/// sweeps over the columns of X (Gauss and Seidel), each of which takes a weight of every entry to its minimum with the
/// others fixed:
///   w_jd ← w_jd + (Σ_n ω_n x_nj (y_nd − x_n·W_d) − ρ_d w_jd) / (s_j + ρ_d),  s_j = Σ_n ω_n x_nj²
/// A sweep costs 2 multiply-adds for each entry and each feature that a row has, however many columns there are, and
/// never raises the objective. On one thread and in a fixed order.
class FeatureWeights {
 public:
  /// `width`, a multiple of 4, is the number of entries with their padding. An empty `row_weights` stands for ones. The
  /// features must outlive this.
  FeatureWeights(const Features& features, int width, std::vector<float> row_weights = {});

  /// `targets` has a row for each row of features and `width` columns, `ridge` the length `width`, above 0.
  void Improve(const FactorMatrix& targets, std::span<const float> ridge, int sweeps);

  /// Columns × width.
  const FactorMatrix& Weights() const { return weights_; }
  void SetWeights(const FactorMatrix& weights);
  std::span<float> MutableWeights() { return {weights_.data(), static_cast<std::size_t>(weights_.size())}; }
  /// XW from the weights alone, so that a training continues from them to the bit.
  void SumMeans();
  /// XW, rows × width.
  const FactorMatrix& Means() const { return means_; }
  /// ω
  std::span<const float> RowWeights() const { return row_weights_; }
  /// s_j
  std::span<const float> Squares() const { return squares_; }

 private:
  std::vector<Offset> offsets_;  // X by column
  std::vector<Index> rows_;
  std::vector<float> values_;
  std::vector<float> row_weights_;
  std::vector<float> squares_;
  FactorMatrix weights_;
  FactorMatrix means_;
  std::vector<float> step_;
};

}  // namespace matfac
