#include "training/objective.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

double SquaredNorm(const float* row, int stride) { return kernels::Dot(row, row, stride); }

double BiasPenalty(const std::vector<float>& bias, Index row, const RidgeStrength& strength) {
  return bias.empty() ? 0.0 : static_cast<double>(strength.bias) * bias[row] * bias[row];
}

/// Twice the user's share of the penalty; `scratch` has length stride.
double UserPenalty(const Model& model, const RatingsSide& users, Index user, float* scratch) {
  const RidgeStrength strength = StrengthOf(model, users.Count(user));
  const float* row = RowOf(model.user_factors, user);
  if (model.item_implicit.rows() > 0) {
    std::copy_n(row, model.Stride(), scratch);
    AddImplicitPart(model, users.Row(user).others, -1.0F, scratch);
    row = scratch;
  }
  return static_cast<double>(strength.factors) * SquaredNorm(row, model.Stride()) +
         BiasPenalty(model.user_bias, user, strength);
}

/// Twice the items' share.
double ItemPenalty(const Model& model, const RatingsSide& items) {
  double sum = 0.0;
  for (Index item = 0; item < items.RowCount(); ++item) {
    const RidgeStrength strength = StrengthOf(model, items.Count(item));
    double squares = SquaredNorm(RowOf(model.item_factors, item), model.Stride());
    if (model.item_implicit.rows() > 0) squares += SquaredNorm(RowOf(model.item_implicit, item), model.Stride());
    sum += static_cast<double>(strength.factors) * squares + BiasPenalty(model.item_bias, item, strength);
  }
  return sum;
}

bool IsPenalized(const ModelOptions& options) {
  return options.regularization > 0.0 || (options.biases && options.BiasRegularization() > 0.0);
}

}  // namespace

bool ObjectivePass::Work(const Model& model, Budget& budget) {
  const bool penalized = IsPenalized(model.options);
  const int passes = penalized && model.item_implicit.rows() > 0 ? 2 : 1;
  row_.resize(model.Stride());
  while (next_user_ < ratings_.UserCount()) {
    const Index user = next_user_++;
    const RatingsRow row = ratings_.ByUser().Row(user);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      const double score = model.Score(user, row.others[j]);
      const double error = row.values[j] - score;
      const double clipped_error = row.values[j] - model.Clip(score);
      squares_ += error * error;
      clipped_squares_ += clipped_error * clipped_error;
    }
    if (penalized) user_penalty_ += UserPenalty(model, ratings_.ByUser(), user, row_.data());
    if (budget.Spend(static_cast<std::int64_t>(row.others.size()) * model.Stride() * passes)) break;
  }
  if (next_user_ < ratings_.UserCount()) return false;
  penalty_ = penalized ? 0.5 * (user_penalty_ + ItemPenalty(model, ratings_.ByItem())) : 0.0;
  return true;
}

void ObjectivePass::Restart() {
  next_user_ = 0;
  squares_ = 0.0;
  clipped_squares_ = 0.0;
  user_penalty_ = 0.0;
}

double ObjectivePass::Rmse() const { return std::sqrt(clipped_squares_ / static_cast<double>(ratings_.Size())); }

}  // namespace matfac
