#pragma once

#include "options.h"

namespace matfac {

/// η of an epoch (from 1): learning_rate · decay^(epoch − 1), by repeated multiplication, for the same bits everywhere.
inline double LearningRate(const TrainingOptions& options, int epoch) {
  double rate = options.learning_rate;
  for (int past = 1; past < epoch; ++past) rate *= options.learning_rate_decay;
  return rate;
}

/// η_b of an epoch.
inline double BiasLearningRate(const TrainingOptions& options, int epoch) {
  return options.bias_learning_rate > 0.0 ? options.bias_learning_rate : LearningRate(options, epoch);
}

}  // namespace matfac
