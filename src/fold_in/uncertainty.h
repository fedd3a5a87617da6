#pragma once

#include "model/model.h"

namespace matfac {

/// Throws UnsupportedError for a model without a posterior: of another solver than variational and bayesian, or before
/// its first epoch.
void CheckPosterior(const Model& model);

/// The posterior standard deviation of a rating of `item` by `user`, both known: it combines the variance of r̂ over
/// the samples that the model keeps (in variational of its normal posteriors, by their diagonals) and the variance of a
/// rating about r̂ for this user. A rating lies within r̂ ±
/// 1.645 standard deviations with about 90% probability, ignoring the range of the ratings. Throws UnsupportedError for
/// a model without a posterior, and std::invalid_argument for an index outside the model.
double Uncertainty(const Model& model, Index user, Index item);

}  // namespace matfac
