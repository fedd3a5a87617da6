#pragma once

#include <span>
#include <vector>

#include "rows/implicit_ridge.h"
#include "rows/ridge_gradient.h"

namespace matfac {

/// Block coordinate descent on a row of als or implicit-als (iALS++: Rendle, Krichene, Zhang and Koren 2021, arXiv
/// 2110.14044): starting from the current row, 8 coordinates π at a time are solved exactly with the others fixed,
///   (G_ππ + Σ_j w_jπ w_jπᵀ + λ I) δ = Σ_j e_j w_jπ − G_π: x − λ (x_π − m_π),  x_π ← x_π + δ,  e_j ← e_j − δ·w_jπ
/// with w_j = √c_j v_j, e_j = √c_j (1 − x·v_j) and G = VᵀV. The objective never rises, and a row of n observed pairs
/// costs about 9 n F multiply-adds instead of n F² / 2.
class BlockDescent {
 public:
  explicit BlockDescent(int stride);

  /// Improves x, of length stride, by one sweep over its coordinates, and returns Σ_j c_j (1 − x·v_j)² after it. Throws
  /// as ImplicitRidge::Build does.
  double Improve(const ImplicitRow& row, float* x);
  /// The same for a RidgeRow, which has no G and weights of 1. Its bias is a separate block, solved before and after
  /// the others; `bias` is null without biases. A row without ratings becomes its prior mean.
  void Improve(const RidgeRow& row, float* x, float* bias);

 private:
  /// Copies the rated rows, scaled by the result of begin_row(j, row), which also sets their residuals.
  template <typename Begin>
  void Gather(const FactorMatrix& others, std::span<const Index> rated, const Begin& begin_row);
  /// Sets the bias to its minimizer, with the factors fixed.
  void SolveBias(float regularization, float& bias);
  /// λ and m, null for zeros.
  struct Pull {
    float strength;
    const float* mean;
  };
  void SolveBlocks(const float* gram, const Pull& pull, float* x);
  void SolveBlock(const float* gram, const Pull& pull, int begin, int width, float* x);

  int stride_;
  std::vector<float> scaled_;     // w, one block of coordinates after another, each rows × the block's width
  std::vector<float> residuals_;  // e
};

}  // namespace matfac
