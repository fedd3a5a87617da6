#pragma once

#include "core/marshal.h"
#include "shared/model_parts.h"

namespace matfac::marshal {

/// CorePosterior, or null for a model without samples.
val FromPosterior(const Model& model);

/// From CorePosterior or null.
std::optional<ModelParts::PosteriorParts> ToPosterior(const val& posterior);

}  // namespace matfac::marshal
