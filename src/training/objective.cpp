#include "training/objective.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"
#include "model/feature_means.h"
#include "model/solver_traits.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

/// A score of a rating gathers a row from anywhere in memory, which takes about four times as long as its
/// multiply-adds; the penalty with SVD++ terms gathers another.
auto RowCost(const ModelOptions& options, bool has_terms) {
  const std::int64_t cost = (has_terms ? 8 : 4) * StrideOf(options.factors);
  return [cost](Offset count) { return cost * (static_cast<std::int64_t>(count) + 1); };
}

[[gnu::noinline]] double SquaredNorm(const float* row, int stride) { return kernels::Dot(row, row, stride); }

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

/// Twice the share of a row with these factors.
double RowPenalty(const Model& model, const Side& side, Index row, const float* factors) {
  const RidgeStrength strength = StrengthOf(model, side.ratings.Count(row));
  float bias = side.bias.empty() ? 0.0F : side.bias[row];
  std::vector<float> apart;
  if (!side.features.IsEmpty() && side.weights.rows() > 0) {
    apart = std::vector<float>(model.Stride() + side.weights.cols());
    float* const means = apart.data() + model.Stride();
    AddFeatureMeans(side.weights, side.features.Row(row), 1.0F, means);
    for (int f = 0; f < model.options.factors; ++f) apart[f] = factors[f] - means[f];
    if (!side.bias.empty()) bias -= means[model.options.factors];
    factors = apart.data();
  }
  return static_cast<double>(strength.factors) * SquaredNorm(factors, model.Stride()) + BiasPenalty(strength, bias);
}

/// Twice the user's share of the penalty.
double UserPenalty(const Model& model, const Side& side, Index user) {
  const float* const row = RowOf(side.factors, user);
  if (model.item_implicit.rows() == 0) return RowPenalty(model, side, user, row);
  std::vector<float> own(model.Stride());
  std::copy_n(row, model.Stride(), own.data());
  AddImplicitPart(model, side.ratings.Row(user).others, -1.0F, own.data());
  return RowPenalty(model, side, user, own.data());
}

/// Twice the items' share.
double ItemPenalty(const Model& model, const Side& side) {
  double sum = 0.0;
  for (Index item = 0; item < side.ratings.RowCount(); ++item) {
    sum += RowPenalty(model, side, item, RowOf(side.factors, item));
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

ObjectivePass::ObjectivePass(const Ratings& ratings, const SideFeatures& features, const ModelOptions& options,
                             Workers& workers)
    : ratings_(ratings),
      features_(features),
      workers_(workers),
      blocks_(ratings.ByUser(), RowCost(options, TraitsOf(options.solver).has_item_implicit)),
      block_sums_(blocks_.Count()) {}

bool ObjectivePass::Work(const Model& model, Budget& budget) {
  const bool penalized = IsPenalized(model.options);
  const bool is_complete =
      blocks_.ForEachBlock(workers_, budget, [&](Index block, Index first, Index end, int /*worker*/) {
        block_sums_[block] = SumsOf(model, first, end, penalized);
      });
  if (!is_complete) return false;
  sums_ = {};
  for (const Sums& block : block_sums_) {
    sums_.squares += block.squares;
    sums_.clipped_squares += block.clipped_squares;
    sums_.penalty += block.penalty;
  }
  if (!penalized) return true;
  const Side items{ratings_.ByItem(), model.item_factors, model.item_bias, features_.items, model.item_feature_weights};
  penalty_ = 0.5 * (sums_.penalty + ItemPenalty(model, items));
  return true;
}

ObjectivePass::Sums ObjectivePass::SumsOf(const Model& model, Index first, Index end, bool penalized) const {
  const Side users{ratings_.ByUser(), model.user_factors, model.user_bias, features_.users, model.user_feature_weights};
  Sums sums;
  for (Index user = first; user < end; ++user) {
    const RatingsRow row = ratings_.ByUser().Row(user);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      const double score = model.Score(user, row.others[j]);
      const double error = row.values[j] - score;
      const double clipped_error = row.values[j] - model.Clip(score);
      sums.squares += error * error;
      sums.clipped_squares += clipped_error * clipped_error;
    }
    if (penalized) sums.penalty += UserPenalty(model, users, user);
  }
  return sums;
}

void ObjectivePass::Restart() {
  blocks_.Restart();
  penalty_ = 0.0;
}

double ObjectivePass::Rmse() const { return std::sqrt(sums_.clipped_squares / static_cast<double>(ratings_.Size())); }

}  // namespace matfac
