#pragma once

#include "model/model.h"

namespace matfac {

/// als and implicit-als solve the users of the last epoch exactly where other epochs improve them by a cheaper sweep.
/// The state of a model is then the users' factors and biases as they were before that half-step.
void SaveUsersInState(Model& model);

/// Puts them back into the model and empties the state; returns false where the state holds no users.
bool RestoreUsersFromState(Model& model);

}  // namespace matfac
