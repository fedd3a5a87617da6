#pragma once

#include <vector>

#include "random.h"
#include "solvers/solver.h"

namespace matfac {

/// Stochastic gradient descent (Aggarwal, Recommender Systems: The Textbook, section 3.6.4.1), pair by pair:
///   e = r − r̂
///   u ← u + η (e v − λ u),  v ← v + η (e u − λ v), both from the old values
///   b ← b + η_b (e − λ_b b) for both biases, where there are any
/// Adaptive steps divide a row's η by √G, where G = 1 + the sum of the mean squares of the row's gradients so far: one
/// number a row (Chin, Zhuang, Juan and Lin 2015, "A learning-rate schedule for stochastic gradient methods to matrix
/// factorization", without its twin learners, which gained nothing on held-out MovieLens ratings).
/// The order is random, from the seed: pairs are grouped in tiles of users × items whose rows fit a second-level cache;
/// each epoch shuffles the tiles, and the pairs within each. A small matrix is a single tile.
class Sgd final : public Solver {
 public:
  Sgd(const Ratings& ratings, const Options& options);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  struct Pair {
    Index user;
    Index item;
    float rating;
  };

  struct Steps {
    float factors;
    float bias;
  };

  template <typename Stride>
  void Visit(std::span<const Pair> pairs, Model& model, const Steps& steps, Stride stride);
  /// e, after the step of the biases.
  float StepBiases(const Pair& pair, Model& model, float rate, float error) const;
  void StepAdaptively(const Pair& pair, Model& model, float rate, float error);

  Options options_;
  Random random_;
  std::vector<Pair> pairs_;           // grouped by tile
  std::vector<Offset> tile_begin_;    // one more than tiles
  std::vector<std::uint32_t> order_;  // of the tiles, this epoch
  std::vector<float> user_squares_;   // G, where steps are adaptive
  std::vector<float> item_squares_;
  std::size_t next_tile_ = 0;  // in order_
  Offset next_pair_ = 0;       // within that tile
};

}  // namespace matfac
