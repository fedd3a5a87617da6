#include "solvers/sgd_visit.h"

#include <cmath>
#include <cstddef>
#include <type_traits>

#include "base/kernels.h"

namespace matfac {
namespace {

/// The update of a pair runs in one loop with the dot product of the next, unless they share a row: neither waits for
/// the other.
template <typename Stride>
void Visit(SgdWalk walk, const SgdRows& rows, const SgdSteps& steps, Stride stride) {
  const SgdTiles::Pair* pair = walk.Next();
  if (pair == nullptr) return;
  const SgdRows at = rows;
  const SgdSteps with = steps;
  float* u = at.users + static_cast<std::ptrdiff_t>(pair->user) * stride;
  float* v = at.items + static_cast<std::ptrdiff_t>(pair->item) * stride;
  float dot = kernels::Dot(u, v, at.stride);
  while (true) {
    const float step = with.rate * StepBiases(*pair, at, with, dot);
    pair = walk.Next();
    if (pair == nullptr) {
      kernels::UpdatePair(u, v, step, with.keep, at.stride);
      return;
    }
    float* const next_u = at.users + static_cast<std::ptrdiff_t>(pair->user) * stride;
    float* const next_v = at.items + static_cast<std::ptrdiff_t>(pair->item) * stride;
    if (next_u != u && next_v != v) {
      dot = kernels::UpdatePairAndDot(u, v, step, with.keep, next_u, next_v, stride);
    } else {
      kernels::UpdatePair(u, v, step, with.keep, at.stride);
      dot = kernels::Dot(next_u, next_v, at.stride);
    }
    u = next_u;
    v = next_v;
  }
}

}  // namespace

void VisitAdaptively(SgdWalk walk, const SgdRows& rows, const SgdSteps& steps, const SgdSquares& squares) {
  while (const SgdTiles::Pair* const pair = walk.Next()) {
    float* const u = rows.users + static_cast<std::ptrdiff_t>(pair->user) * rows.stride;
    float* const v = rows.items + static_cast<std::ptrdiff_t>(pair->item) * rows.stride;
    const float error = StepBiases(*pair, rows, steps, kernels::Dot(u, v, rows.stride));
    float& user_squares = squares.users[pair->user];
    float& item_squares = squares.items[pair->item];
    const kernels::PairSquares added =
        kernels::UpdatePairByGradients(u, v, error, squares.regularization, steps.rate / std::sqrt(user_squares),
                                       steps.rate / std::sqrt(item_squares), rows.stride);
    user_squares += squares.share * added.u;
    item_squares += squares.share * added.v;
  }
}

// Called by address, because engines unroll loops by their depth in a function, and unrolled loops spill registers.
SgdVisit SgdVisitFor(int stride) {
  return kernels::WithStride(stride, [](auto known) -> SgdVisit {
    using Stride = decltype(known);
    return [](SgdWalk walk, const SgdRows& rows, const SgdSteps& steps) {
      if constexpr (std::is_same_v<Stride, int>) {
        Visit(walk, rows, steps, rows.stride);
      } else {
        Visit(walk, rows, steps, Stride{});
      }
    };
  });
}

}  // namespace matfac
