#pragma once

#include <cstdint>

namespace matfac {

/// What the random numbers of a training are for, which gives each use a stream of its own. A seed means the same model
/// only while these values stay. One training has one solver, so bayesian's may repeat those of other solvers: it
/// starts from the same initial factors, but draws all else by epoch and row. Generated data sets have seeds and
/// streams of their own (generator.cpp).
enum class RandomUse : std::uint8_t {
  kInitialUsers = 1,
  kInitialItems = 2,
  kSvdppUserOrder = 3,
  kBprBlockOrder = 4,
  kBprBlock = 5,
  kSgdTilePairs = 6,
  kSgdSchedule = 7,
  kSgdWalk = 8,
  kBprSteps = 9,
  kTakenItems = 20,
  kNewUsers = 21,
  kNewItems = 22,

  kBayesianNoise = 1,
  kBayesianUserPrior = 2,
  kBayesianUsers = 3,
  kBayesianItemPrior = 4,
  kBayesianItems = 5,
  kBayesianUserImplicitPrior = 6,
  kBayesianUserImplicit = 7,
  kBayesianItemImplicitPrior = 8,
  kBayesianItemImplicit = 9,
  kBayesianUserFeaturePrior = 10,
  kBayesianUserFeatures = 11,
  kBayesianItemFeaturePrior = 12,
  kBayesianItemFeatures = 13,
  kBayesianDayPrior = 14,
  kBayesianCuts = 15,
  kBayesianLatents = 16,
};

/// The stream of a use that draws all its numbers in one sequence.
constexpr std::uint64_t StreamOf(RandomUse use) { return static_cast<std::uint64_t>(use); }

/// The stream that one row, or one block, draws from in one epoch, so that its numbers do not depend on the rows before
/// it. Needs 0 ≤ row and 0 ≤ epoch.
constexpr std::uint64_t StreamOf(RandomUse use, int epoch, std::int32_t row) {
  return static_cast<std::uint64_t>(use) << 56 | static_cast<std::uint64_t>(epoch) << 32 |
         static_cast<std::uint32_t>(row);
}

}  // namespace matfac
