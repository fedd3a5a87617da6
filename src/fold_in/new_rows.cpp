#include "fold_in/new_rows.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "base/errors.h"
#include "base/portable_math.h"
#include "base/text.h"
#include "fold_in/fold_in.h"
#include "fold_in/preference_rule.h"
#include "fold_in/variational_rule.h"
#include "model/row_priors.h"
#include "model/solver_traits.h"
#include "model/tensors.h"
#include "model/user_times.h"

namespace matfac {
namespace {

void Require(const Model& model, bool of_items) {
  const FoldInKind kind = TraitsOf(model.options.solver).fold_in;
  const bool pairwise = kind == FoldInKind::kPairwise;
  if (kind != FoldInKind::kPosterior && kind != FoldInKind::kPopularity && !(pairwise && of_items)) return;
  throw UnsupportedError(Concat({"a model of the solver ", Quoted(SolverName(model.options.solver)), " takes no new ",
                                 of_items ? "items" : "users", " without training"}));
}

/// The users' and the items' halves of the numbers after the noise change places.
std::vector<float> TurnedPriors(const Model& model) {
  std::vector<float> priors = model.row_priors;
  if (!priors.empty()) {
    std::rotate(priors.begin() + 1, priors.begin() + 1 + static_cast<Offset>(RowPriors::SideLength(model.options)),
                priors.end());
  }
  return priors;
}

/// The model whose users are the items, as far as a fold-in goes.
Model Turned(const Model& model) {
  Model turned;
  turned.options = model.options;
  turned.user_factors = model.item_factors;
  turned.item_factors = model.user_factors;
  turned.user_bias = model.item_bias;
  turned.item_bias = model.user_bias;
  turned.user_variances = model.item_variances;
  turned.item_variances = model.user_variances;
  turned.row_priors = TurnedPriors(model);
  turned.user_feature_weights = model.item_feature_weights;
  turned.user_feature_liked = model.item_feature_liked;
  turned.taken_items = model.liked_users;
  turned.liked_items = model.liked_users;
  turned.preference_terms = model.preference_terms;
  if (model.UserCount() == 0) {
    // One row of zeros, which tells nothing: without any, the normal equations of a row would be singular.
    turned.item_factors = FactorMatrix::Zero(1, model.Stride());
    turned.item_bias.assign(model.item_bias.empty() ? 0 : 1, 0.0F);
    turned.item_variances = FactorMatrix::Zero(1, model.item_variances.cols());
    turned.taken_items = turned.liked_items = FactorMatrix::Zero(1, model.liked_items.cols());
  }
  // Items have no population.
  if (model.HasPreference()) turned.preference_terms.resize(PreferenceTerms::kNumbers);
  turned.mean = model.mean;
  turned.scale = model.scale;
  turned.minimum = model.minimum;
  turned.maximum = model.maximum;
  return turned;
}

void Grow(Index rows, FactorMatrix& matrix) {
  FactorMatrix grown = FactorMatrix::Zero(matrix.rows() + rows, matrix.cols());
  std::copy_n(matrix.data(), matrix.size(), grown.data());
  matrix.swap(grown);
}

/// The model with more rows of zeros in every tensor of this side that it has.
Model Grown(const Model& model, TensorRows side, std::size_t count) {
  Model grown = model;
  grown.state.clear();
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.rows != side) continue;
    if (tensor.IsMatrix()) {
      if (MatrixOf(grown, tensor).rows() > 0) Grow(static_cast<Index>(count), MatrixOf(grown, tensor));
    } else if (!NumbersOf(grown, tensor).empty()) {
      NumbersOf(grown, tensor).resize(NumbersOf(grown, tensor).size() + count);
    }
  }
  return grown;
}

void Write(const std::vector<float>& numbers, Index row, FactorMatrix& matrix) {
  if (matrix.rows() > row && !numbers.empty()) std::ranges::copy(numbers, RowOf(matrix, row));
}

/// Whose posterior variances a model of variational keeps.
std::unique_ptr<VariationalRule> VarianceRule(const Model& model) {
  return model.row_priors.empty() ? nullptr : std::make_unique<VariationalRule>(model);
}

/// implicit-als with a discount: k of a new item (ItemWeights), from the weight of an item with a single pair.
float WeightOf(const Model& model, std::size_t pairs) {
  if (model.item_weights.empty()) return 1.0F;
  const double count = std::max<double>(1.0, static_cast<double>(pairs));
  return std::ranges::max(model.item_weights) * static_cast<float>(Exp(-model.options.discount * Log(count)));
}

}  // namespace

Model WithUsers(const Model& model, std::span<const NewRow> users) {
  Require(model, false);
  if (model.UserCount() == 0) throw UnsupportedError("a model without users takes no new users; foldIn takes visitors");
  Model grown = Grown(model, TensorRows::kUsers, users.size());
  grown.user_times = UserTimes(model).With(UserTimes(), std::vector<Index>(users.size()));
  const Visitors visitors(model);
  const auto variances = VarianceRule(model);
  Index row = model.UserCount();
  for (const NewRow& user : users) {
    const Profile profile = visitors.FoldIn(user.others, user.values, user.features);
    Write(profile.factors, row, grown.user_factors);
    Write(profile.liked, row, grown.liked_users);
    if (!grown.user_bias.empty()) grown.user_bias[row] = profile.bias;
    if (variances) {
      Write(variances->Variances(user.others, user.values, user.features), row, grown.user_variances);
      grown.posterior.user_noise[row] = static_cast<float>(model.scale * model.scale * RowPriors::OfUsers(model).noise);
    }
    ++row;
  }
  return grown;
}

Model WithItems(const Model& model, std::span<const NewRow> items) {
  Require(model, true);
  if (model.item_codes.Count() > 0) return WithItems(Expanded(model), items);
  Model grown = Grown(model, TensorRows::kItems, items.size());
  Model turned = Turned(model);
  const Visitors visitors(turned);
  const auto variances = VarianceRule(turned);
  const auto taken = model.HasPreference() ? std::make_unique<PreferenceRule>(turned) : nullptr;
  Index row = model.ItemCount();
  for (const NewRow& item : items) {
    const float weight = WeightOf(model, item.others.size());
    if (!grown.item_weights.empty()) grown.item_weights[row] = weight;
    turned.options.confidence = model.options.confidence * weight;
    if (!item.others.empty() || !item.features.columns.empty()) {
      const Profile profile = visitors.FoldIn(item.others, item.values, item.features);
      Write(profile.factors, row, grown.item_factors);
      Write(profile.liked, row, grown.liked_items);
      if (!grown.item_bias.empty()) grown.item_bias[row] = profile.bias;
      if (taken) Write(taken->FoldIn(item.others, item.values, item.features).taken, row, grown.taken_items);
    }
    if (variances) Write(variances->Variances(item.others, item.values, item.features), row, grown.item_variances);
    ++row;
  }
  return grown;
}

}  // namespace matfac
