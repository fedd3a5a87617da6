#pragma once

#include "solvers/sgd_tiles.h"

namespace matfac {

/// The rows that the steps update. The biases are both given or both nullptr.
struct SgdRows {
  float* users;
  float* items;
  float* user_bias;
  float* item_bias;
  int stride;
};

struct SgdSteps {
  float baseline;
  float rate;
  float keep;  // 1 − η λ
  float bias_rate;
  float bias_keep;
};

/// Takes the step of the biases and returns e of a pair with this u·v.
inline float StepBiases(const SgdTiles::Pair& pair, const SgdRows& rows, const SgdSteps& steps, float dot) {
  const float above = pair.rating - steps.baseline;
  if (rows.user_bias == nullptr) return above - dot;
  float& user_bias = rows.user_bias[pair.user];
  float& item_bias = rows.item_bias[pair.item];
  const float error = above - (user_bias + item_bias) - dot;
  const float step = steps.bias_rate * error;
  user_bias = steps.bias_keep * user_bias + step;
  item_bias = steps.bias_keep * item_bias + step;
  return error;
}

/// One step on each pair of the walk, in its order, with the bits of one pair after the other.
using SgdVisit = void (*)(SgdWalk walk, const SgdRows& rows, const SgdSteps& steps);

/// Of adaptive steps: G of each row, the sums of its squared gradients.
struct SgdSquares {
  float* users;
  float* items;
  float regularization;
  float share;  // of one factor in a row
};

/// The same with steps that shrink with the gradients that a row has had.
void VisitAdaptively(SgdWalk walk, const SgdRows& rows, const SgdSteps& steps, const SgdSquares& squares);

/// The visit for a stride; a common stride is a constant of its loops.
SgdVisit SgdVisitFor(int stride);

}  // namespace matfac
