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
  /// Throws std::invalid_argument as RankingPass does.
  HeldRankingPass(const Model& model, const emscripten::val& task);
  HeldRankingPass(const HeldRankingPass&) = delete;
  HeldRankingPass(HeldRankingPass&&) = delete;
  HeldRankingPass& operator=(const HeldRankingPass&) = delete;
  HeldRankingPass& operator=(HeldRankingPass&&) = delete;
  ~HeldRankingPass();

  /// Continues for about `seconds`; returns true when every user is judged.
  bool Advance(double seconds);
  /// The number of users to judge.
  double Users() const;
  emscripten::val Result() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Of the scores that the model recommends by.
std::unique_ptr<HeldRankingPass> CreateRankingPass(HeldModel& model, const emscripten::val& task);

}  // namespace matfac::marshal
