#include "objective.h"

#include <cmath>

#include "kernels.h"
#include "ridge.h"

namespace matfac {
namespace {

double SidePenalty(const FactorMatrix& factors, const std::vector<float>& bias, const RatingsSide& side,
                   const ModelOptions& options) {
  const int stride = static_cast<int>(factors.cols());
  double sum = 0.0;
  for (Index row = 0; row < side.RowCount(); ++row) {
    const RidgeStrength strength = StrengthOf(options, side.Count(row));
    const float* x = RowOf(factors, row);
    sum += static_cast<double>(strength.factors) * kernels::Dot(x, x, stride);
    if (!bias.empty()) sum += static_cast<double>(strength.bias) * bias[row] * bias[row];
  }
  return 0.5 * sum;
}

}  // namespace

double Penalty(const Model& model, const Ratings& ratings) {
  if (model.options.regularization == 0.0) return 0.0;
  return SidePenalty(model.user_factors, model.user_bias, ratings.ByUser(), model.options) +
         SidePenalty(model.item_factors, model.item_bias, ratings.ByItem(), model.options);
}

bool ObjectivePass::Work(const Model& model, Budget& budget) {
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
    if (budget.Spend(static_cast<std::int64_t>(row.others.size()) * model.Stride())) break;
  }
  if (next_user_ < ratings_.UserCount()) return false;
  penalty_ = Penalty(model, ratings_);
  return true;
}

void ObjectivePass::Restart() {
  next_user_ = 0;
  squares_ = 0.0;
  clipped_squares_ = 0.0;
}

double ObjectivePass::Rmse() const { return std::sqrt(clipped_squares_ / static_cast<double>(ratings_.Size())); }

}  // namespace matfac
