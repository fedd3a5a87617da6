#pragma once

#include <emscripten/val.h>

#include <memory>

#include "model/model.h"
#include "shared/model_parts.h"

/// The evaluation of a model's ranking for JavaScript: CoreRankingTask in, CoreRankingMetrics out.
namespace matfac::marshal {

/// A pass with all its inputs, a copy of the model among them, so that JavaScript may dispose of its own.
class HeldRankingPass {
 public:
  HeldRankingPass(const Model& model, const emscripten::val& task);
  HeldRankingPass(const HeldRankingPass&) = delete;
  HeldRankingPass(HeldRankingPass&&) = delete;
  HeldRankingPass& operator=(const HeldRankingPass&) = delete;
  HeldRankingPass& operator=(HeldRankingPass&&) = delete;
  ~HeldRankingPass();

  /// Makes the lists of the pass first, a step at each call, and continues for about `seconds`; returns true when every
  /// user is judged. Throws std::invalid_argument as RankingPass does.
  bool Advance(double seconds);
  /// Both after a complete pass: the number of users judged, and their metrics.
  double Users() const;
  emscripten::val Result() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Of the scores that the model recommends by.
std::unique_ptr<HeldRankingPass> CreateRankingPass(HeldModel& model, const emscripten::val& task);

}  // namespace matfac::marshal
