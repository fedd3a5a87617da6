#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "model/model.h"
#include "rows/feature_weights.h"
#include "rows/gram_basis.h"

namespace matfac {

/// The prior of the rows of a side in alternating least squares, and in bpr (bpr.h), by their features f: the penalty
/// of a row with the ridges λ_n of its factors and λ_n' of its bias is about a linear function of f, in place of 0,
///   ½ λ_n ‖x_n − f_n W‖² + ½ λ_n' (b_n − f_n·w)²
/// and the weights have a ridge of their own (rows/feature_weights.h):
///   ½ λ ρ ‖W‖² + ½ λ' ρ' ‖w‖²,  λ_n = λ ω_n, λ_n' = λ' ω_n
/// ρ and ρ' are learned once, from rows that know nothing of the features yet (MacKay 1992, "Bayesian interpolation"):
///   ρ = s² g / ‖W‖²,  g = Σ_j s_j / (s_j + ρ),  s² the mean of ω_n (x_n − f_n W)²
/// so that a feature which tells nothing has weights near 0. From then on the weights are learned before each half-step
/// from the rows as they are, and the objective of alternating least squares never rises.
class FeaturePrior {
 public:
  /// The first epoch of a training with features: the rows before it are those without.
  static constexpr int kFirstEpoch = 4;
  /// ρ and ρ'.
  using Ridges = std::array<float, 2>;

  FeaturePrior(const Features& features, const ModelOptions& options);

  /// True in an epoch before whose half-step the weights are learned: from kFirstEpoch on.
  bool IsDue(int epoch) const { return !features_.IsEmpty() && epoch >= kFirstEpoch; }
  bool HasStarted() const { return weights_ != nullptr; }
  /// Where a model has the ridges of its users (0) or items (1).
  static std::span<float> RidgesIn(Model& model, int side) {
    model.feature_ridges.resize(4);
    return std::span(model.feature_ridges).subspan(2 * static_cast<std::size_t>(side), 2);
  }
  /// `row_weights` are ω. Continues from the weights of a model and their ridges, where it has ridges; else learns both
  /// from the rows.
  void Start(std::vector<float> row_weights, const FactorMatrix& factors, const std::vector<float>& bias,
             const FactorMatrix& weights, std::span<const float> ridges);
  /// Learns the weights from the rows of the side.
  void Improve(const FactorMatrix& factors, const std::vector<float>& bias);
  /// After the rows were turned into another basis: the weights of a model follow, and so do the means.
  void Turn(const GramBasis& basis, FactorMatrix& weights);
  /// Writes the weights and their ridges into a model's.
  void Write(FactorMatrix& weights, std::span<float> ridges) const;

  /// The prior means of a row: those of its factors, of length stride, null without features, and that of its bias.
  const float* Mean(Index row) const { return weights_ ? RowOf(weights_->Means(), row) : nullptr; }
  float BiasMean(Index row) const { return weights_ ? weights_->Means()(row, stride_) : 0.0F; }
  /// λ ρ ‖W‖² + λ' ρ' ‖w‖²
  double Penalty(double factor_strength, double bias_strength) const;

 private:
  void LearnRidges();
  void SetWeights(const FactorMatrix& weights);
  /// Of entries first … first + count − 1, with the ridge `ridge`.
  float RidgeOf(int first, int count, float ridge) const;
  double SquaredWeights(int first, int count) const;
  void SetTargets(const FactorMatrix& factors, const std::vector<float>& bias);
  void Sweep(int sweeps);

  const Features& features_;
  int factors_;
  int stride_;
  Ridges ridges_{};
  std::unique_ptr<FeatureWeights> weights_;
  FactorMatrix targets_;
};

}  // namespace matfac
