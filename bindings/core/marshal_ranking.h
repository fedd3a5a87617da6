#pragma once

#include <emscripten/val.h>

#include <memory>

#include "model/model.h"

/// A judgement of a model's ranking for JavaScript: CoreRankingTask in, CoreRankingMetrics out.
namespace matfac::marshal {

/// A pass with all that it reads: a copy of the model, so that JavaScript may dispose of its own meanwhile.
class HeldRankingPass {
 public:
  /// Throws std::invalid_argument as RankingPass does.
  HeldRankingPass(const Model& model, const emscripten::val& task);
  HeldRankingPass(const HeldRankingPass&) = delete;
  HeldRankingPass(HeldRankingPass&&) = delete;
  HeldRankingPass& operator=(const HeldRankingPass&) = delete;
  HeldRankingPass& operator=(HeldRankingPass&&) = delete;
  ~HeldRankingPass();

  /// Goes on for about `seconds`; true when every user is judged.
  bool Advance(double seconds);
  /// How many users there are to judge by.
  double Users() const;
  emscripten::val Result() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

std::unique_ptr<HeldRankingPass> CreateRankingPass(const Model& model, const emscripten::val& task);

}  // namespace matfac::marshal
