#pragma once

#include "marshal.h"

namespace matfac::marshal {

/// CorePosterior, or null for a model without samples.
val FromPosterior(const Model& model);

/// The posterior of a model whose other tensors are read, from CorePosterior or null. Throws std::invalid_argument for
/// lengths that do not fit, numbers that are not finite and precisions that are not above 0.
Posterior ToPosterior(const val& posterior, const Model& model);

}  // namespace matfac::marshal
