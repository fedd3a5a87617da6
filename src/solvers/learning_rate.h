#pragma once

#include "data/ratings.h"
#include "model/options.h"

namespace matfac {

/// η of an epoch (from 1): learning_rate · decay^(epoch − 1), by repeated multiplication, for the same bits everywhere.
double LearningRate(const TrainingOptions& options, int epoch);

/// η_b of an epoch.
double BiasLearningRate(const TrainingOptions& options, int epoch);

/// A learning rate with which batch gradient descent does not diverge: 1 / (2 σ), with the largest singular value σ of
/// |R|, zero where R is missing, by power iteration. Of ½ ‖R − u vᵀ‖² with ‖u‖² = ‖v‖² = σ the largest curvature is 2
/// σ, and steps below 2 / (2 σ) do not grow; half of that leaves room for the factors to overshoot on their way.
double StableLearningRate(const Ratings& ratings);

}  // namespace matfac
