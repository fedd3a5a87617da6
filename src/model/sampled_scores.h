#pragma once

#include "model/model.h"

namespace matfac {

/// The variance of r̂ over the samples that a Bayesian model keeps; 0 for fewer than two samples. Needs a user and an
/// item of the model.
double ScoreVariance(const Model& model, Index user, Index item);

/// The same for a visitor's factors, without the part of the visitor's bias, of which a profile has the mean alone.
double ScoreVariance(const Model& model, const float* factors, Index item);

}  // namespace matfac
