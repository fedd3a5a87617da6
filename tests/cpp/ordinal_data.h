#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "model/options.h"

/// Ordered ratings by the error function of the standard library, for their tests.
namespace matfac::test {

inline double Phi(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// The probability of a level by the error function.
inline double LevelProbability(const std::vector<double>& cuts, std::size_t level, double score, double root) {
  const double below = level == 0 ? 0.0 : Phi((cuts[level - 1] - score) * root);
  const double above = level == cuts.size() ? 1.0 : Phi((cuts[level] - score) * root);
  return above - below;
}

inline Options OrdinalOptions(int factors, int epochs) {
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.factors = factors;
  options.model.samples = 8;
  options.model.preference = false;
  options.model.likelihood = Likelihood::kOrdinal;
  options.training.epochs = epochs;
  return options;
}

}  // namespace matfac::test
