#include "solvers/exact_users.h"

#include <algorithm>
#include <utility>

namespace matfac {

void SaveUsersInState(Model& model) {
  const FactorMatrix& factors = model.user_factors;
  model.state.clear();
  model.state.reserve(factors.size() + model.user_bias.size());
  model.state.insert(model.state.end(), factors.data(), factors.data() + factors.size());
  model.state.insert(model.state.end(), model.user_bias.begin(), model.user_bias.end());
}

bool RestoreUsersFromState(Model& model) {
  FactorMatrix& factors = model.user_factors;
  const std::vector<float> state = std::move(model.state);
  model.state.clear();
  if (state.size() != factors.size() + model.user_bias.size()) return false;
  std::copy_n(state.begin(), factors.size(), factors.data());
  std::copy(state.begin() + factors.size(), state.end(), model.user_bias.begin());
  return true;
}

}  // namespace matfac
