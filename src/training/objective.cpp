#include "training/objective.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"
#include "model/feature_means.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

double SquaredNorm(const float* row, int stride) { return kernels::Dot(row, row, stride); }

double BiasPenalty(const RidgeStrength& strength, float bias) {
  return static_cast<double>(strength.bias) * bias * bias;
}

/// The rows of a side, and their features.
struct Side {
  const RatingsSide& ratings;
  const FactorMatrix& factors;
  const std::vector<float>& bias;
  const Features& features;
  const FactorMatrix& weights;
};

/// Twice the share of a row with these factors; `scratch` is overwritten.
double RowPenalty(const Model& model, const Side& side, Index row, const float* factors, std::vector<float>& scratch) {
  const RidgeStrength strength = StrengthOf(model, side.ratings.Count(row));
  float bias = side.bias.empty() ? 0.0F : side.bias[row];
  if (!side.features.IsEmpty() && side.weights.rows() > 0) {
    scratch.assign(factors, factors + model.Stride());
    scratch.resize(model.Stride() + side.weights.cols());
    float* const means = scratch.data() + model.Stride();
    AddFeatureMeans(side.weights, side.features.Row(row), 1.0F, means);
    for (int f = 0; f < model.options.factors; ++f) scratch[f] -= means[f];
    if (!side.bias.empty()) bias -= means[model.options.factors];
    factors = scratch.data();
  }
  return static_cast<double>(strength.factors) * SquaredNorm(factors, model.Stride()) + BiasPenalty(strength, bias);
}

/// Twice the user's share of the penalty.
double UserPenalty(const Model& model, const Side& side, Index user, std::vector<float>& scratch) {
  const float* const row = RowOf(side.factors, user);
  if (model.item_implicit.rows() == 0) return RowPenalty(model, side, user, row, scratch);
  std::vector<float> own(row, row + model.Stride());
  AddImplicitPart(model, side.ratings.Row(user).others, -1.0F, own.data());
  return RowPenalty(model, side, user, own.data(), scratch);
}

/// Twice the items' share.
double ItemPenalty(const Model& model, const Side& side, std::vector<float>& scratch) {
  double sum = 0.0;
  for (Index item = 0; item < side.ratings.RowCount(); ++item) {
    sum += RowPenalty(model, side, item, RowOf(side.factors, item), scratch);
    if (model.item_implicit.rows() == 0) continue;
    const RidgeStrength strength = StrengthOf(model, side.ratings.Count(item));
    sum += static_cast<double>(strength.factors) * SquaredNorm(RowOf(model.item_implicit, item), model.Stride());
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
  const Side users{ratings_.ByUser(), model.user_factors, model.user_bias, features_.users, model.user_feature_weights};
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
    if (penalized) user_penalty_ += UserPenalty(model, users, user, row_);
    if (budget.Spend(static_cast<std::int64_t>(row.others.size()) * model.Stride() * passes)) break;
  }
  if (next_user_ < ratings_.UserCount()) return false;
  if (!penalized) return true;
  const Side items{ratings_.ByItem(), model.item_factors, model.item_bias, features_.items, model.item_feature_weights};
  penalty_ = 0.5 * (user_penalty_ + ItemPenalty(model, items, row_));
  return true;
}

void ObjectivePass::Restart() {
  next_user_ = 0;
  squares_ = 0.0;
  clipped_squares_ = 0.0;
  user_penalty_ = 0.0;
  penalty_ = 0.0;
}

double ObjectivePass::Rmse() const { return std::sqrt(clipped_squares_ / static_cast<double>(ratings_.Size())); }

}  // namespace matfac
