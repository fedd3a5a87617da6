#pragma once

#include "model/model.h"
#include "training/warm_start.h"

namespace matfac {

/// The trained model with the users and items of the warm start that it lacks, in their order there, after its own.
/// Their scores among themselves are those of the warm start, bit for bit; the range is that of both models. A Bayesian
/// model gets as many samples as the warm start has, in turn from those drawn, or the last of them. Of `popularity` the
/// counts add up. The state of the training is left out where rows were added. Needs the result of a training with this
/// warm start.
Model WithKept(const Model& trained, const WarmStart& start);

}  // namespace matfac
