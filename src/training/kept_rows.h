#pragma once

#include "model/model.h"
#include "training/warm_start.h"

namespace matfac {

/// The trained model with what the warm start knows besides.
///
/// A row of both is the mean of the two by the shares of the warm start. Where the shares are those of the numbers of
/// ratings, and one rating tells as much as another, this is the mean of the two posteriors combined; and a mean of two
/// independent draws has the variance of the combined one.
///
/// The users and items that the trained model lacks come after its own, in their order in the warm start. Their scores
/// among themselves are those of the warm start, bit for bit; the range is that of both models. A Bayesian model gets
/// as many samples as the warm start has, in turn from those drawn, or the last of them. Of `popularity` the counts add
/// up by the shares. The state of the training is left out where rows were added or changed. Needs the result of a
/// training with this warm start, and shares from 0 to 1.
Model WithKept(const Model& trained, const WarmStart& start);

}  // namespace matfac
