#pragma once

#include <string_view>
#include <vector>

#include "model/model.h"

namespace matfac {

/// The samples of a Bayesian model from TensorColumns::kPrior, none of an empty one. `turned` is true for those of the
/// turned model, of which there are as many as the model has samples. Throws std::invalid_argument that begins with
/// `name` for a length that does not fit, or a precision that is not positive.
std::vector<PosteriorSample> UnpackedSamples(std::string_view name, const std::vector<float>& priors,
                                             const Model& model, bool turned);

/// The reverse.
std::vector<float> PackedSamples(const std::vector<PosteriorSample>& samples, int factors);

}  // namespace matfac
