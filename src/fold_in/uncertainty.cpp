#include "fold_in/uncertainty.h"

#include <cmath>

#include "base/errors.h"
#include "model/sampled_scores.h"

namespace matfac {
namespace {

/// Var r̂ where rows are independent and normal: Σ_d (m_u² S_v + m_v² S_u + S_u S_v) + Var b_u + Var b_v, from the
/// diagonals of their covariances.
double VarianceOf(const Model& model, Index user, Index item) {
  const float* u = RowOf(model.user_factors, user);
  const std::vector<float> v = model.ItemFactors().Copy(item);
  const int factors = model.options.factors;
  double sum = model.user_variances(user, factors) + model.item_variances(item, factors);
  for (int d = 0; d < factors; ++d) {
    const double of_user = model.user_variances(user, d);
    const double of_item = model.item_variances(item, d);
    sum += u[d] * u[d] * of_item + v[d] * v[d] * of_user + of_user * of_item;
  }
  return sum;
}

}  // namespace

void CheckPosterior(const Model& model) {
  if (!model.posterior.samples.empty() || model.item_variances.rows() > 0) return;
  ThrowUnsupported(
      "uncertainty needs a trained model of the solver 'variational' or 'bayesian'; this one of '{}' keeps no "
      "posterior",
      {SolverName(model.options.solver)});
}

double Uncertainty(const Model& model, Index user, Index item) {
  CheckPosterior(model);
  const int samples = static_cast<int>(model.posterior.samples.size());
  model.CheckUser(user);
  model.CheckItem(item);
  if (samples == 0) return std::sqrt(VarianceOf(model, user, item) + model.posterior.user_noise[user]);
  return std::sqrt(ScoreVariance(model, user, item) + model.posterior.user_noise[user]);
}

}  // namespace matfac
