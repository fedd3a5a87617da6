#pragma once

#include "model/model.h"

namespace matfac {

/// The state of als and implicit-als after a last epoch whose users are solved exactly where the others' are bettered:
/// the users' factors and then biases as that half-step found them.
void KeepUsers(Model& model);

/// The reverse, which empties the state; false where it holds no users.
bool TakeBackUsers(Model& model);

}  // namespace matfac
