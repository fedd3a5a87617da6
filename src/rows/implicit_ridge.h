#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/factors.h"
#include "model/model.h"

namespace matfac {

/// One row of alternating least squares for implicit feedback:
///   min over x of ½ Σ_m (x·v_m)² + ½ Σ_j c_j (1 − x·v_j)² + ½ λ ‖x − m‖²
/// over all rows v_m of the other side, and the observed rows v_j with their weights c_j = confidence × w(rating) ×
/// k(item).
struct ImplicitRow {
  const FactorMatrix& others;
  /// VᵀV, stride × stride: Σ_m (x·v_m)² = xᵀ VᵀV x.
  const float* gram;
  std::span<const Index> observed;
  std::span<const float> weights;
  /// λ of the row.
  float regularization;
  /// m, of length stride; null for zeros.
  const float* mean = nullptr;
  /// Of length stride where VᵀV is diagonal (GramBasis), else null.
  const float* diagonal = nullptr;
};

/// Throws std::invalid_argument for a rating below 0, which cannot be a weight.
void RequireWeights(SolverKind solver, std::span<const float> ratings);

/// w(r), the weight of an observed pair with the rating r ≥ 0 by itself:
///   kRaw: r    kLog: log₂(1 + r)    kNone: 1
/// Counts spread over orders of magnitude, and a count of 1,000 hardly tells 1,000 times as much as a count of 1: Hu,
/// Koren and Volinsky 2008 take a logarithm too (their eq. 6). w(1) = 1 exactly for each, so that pairs without ratings
/// have the same model.
float WeightOf(Weights weights, float rating);

/// WeightOf of ratings that recur: few values stand in most ratings, and a logarithm costs as much as a score.
class RecurringWeights {
 public:
  explicit RecurringWeights(Weights weights) : weights_(weights) {}

  float Of(float rating);

 private:
  struct Entry {
    std::uint32_t rating = 0;  // its bits
    float weight = 0.0F;
  };
  Weights weights_;
  /// By a hash of the bits. A rating of 0 finds its weight in an entry that is not taken yet.
  std::array<Entry, 64> entries_{};
};

/// The observed pairs of a user's or of an item's row, or of a visitor's.
struct ObservedPairs {
  /// The items of the pairs, or a single one for all of them.
  std::span<const Index> items;
  std::span<const float> ratings;
};

/// Fills `weights` with c_j and returns the regularization of the row, λ × the weight of all its pairs:
///   λ (others + Σ_j c_j)
/// which for ratings of 1 is confidence × λ (n + α₀ others) with α₀ = 1 / confidence, Rendle et al. 2021 with ν = 1.
float WeighRow(const Model& model, const ObservedPairs& pairs, Index others, RecurringWeights& by_rating,
               std::vector<float>& weights);

/// An ImplicitRow in closed form:
///   A x = Σ_j c_j v_j + λ m,  A = VᵀV + Σ_j c_j v_j v_jᵀ + λ I
/// One object serves many rows, so that its buffers are allocated once.
class ImplicitRidge {
 public:
  explicit ImplicitRidge(int stride);

  /// Gathers the observed rows and factorizes A. Throws std::invalid_argument that names the regularization when A is
  /// not positive definite in float32.
  void Build(const ImplicitRow& row);
  /// The minimum; `x` has length stride.
  void Solve(float* x) const;
  /// y ← A⁻¹ y, of length stride.
  void Apply(float* y) const;
  /// Σ_j c_j v_j + λ m
  std::span<const float> RightSide() const { return right_side_; }
  /// U with A = UᵀU, as kernels::Factorize leaves it.
  const float* Upper() const { return matrix_.data(); }

 private:
  int stride_;
  std::vector<float> matrix_;
  std::vector<float> right_side_;
  std::vector<float> block_;
};

/// Σ_j c_j (1 − x·v_j)².
double ObservedLoss(const ImplicitRow& row, const float* x);

}  // namespace matfac
