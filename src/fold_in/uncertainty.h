#pragma once

#include "model/model.h"

namespace matfac {

/// Throws UnsupportedError for a model without samples: of another solver than bayesian, or before its first epoch.
void CheckSamples(const Model& model);

/// The posterior standard deviation of a rating of `item` by `user`, both known: the variance of r̂ over the samples
/// that the model keeps, and on top of it that of a rating about r̂ for this user. A rating lies within r̂ ± 1.645 of it
/// with about 90% probability, the ratings' range left aside. Throws UnsupportedError for a model without samples (of
/// another solver than bayesian, or before its first epoch), and std::invalid_argument for an index outside the model.
double Uncertainty(const Model& model, Index user, Index item);

}  // namespace matfac
