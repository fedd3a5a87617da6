#pragma once

#include <span>

#include "data/features.h"
#include "model/model.h"

namespace matfac {

/// A user or an item that a model does not have: its ratings, by rows of the other side, and its features, in columns
/// of the model's weights; both may be empty.
struct NewRow {
  std::span<const Index> others;
  std::span<const float> values;
  FeaturesRow features;
};

/// The model with more users, or more items, after its own, in their order. Each is folded in by its ratings about the
/// prior mean of its features, with the rows that the model has fixed: a new item exactly as a visitor would be in the
/// model whose users and items have changed places. There the items' noise is the common one, and who takes a new item
/// is told by the vectors that users are recommended by. A row of a Bayesian model is drawn from its posterior in each
/// sample (bayesian_rule.h); there the implicit terms of new items are left out. An item of another model with neither
/// ratings nor features has a row of zeros. The state of the training is left out. Throws as Visitors::FoldIn does,
/// with "item" for a row of the other side, and UnsupportedError for popularity, for new items of a Bayesian model
/// whose file lacks the items' priors, and for those of bpr with ratings, which do not say who leaves the item aside,
/// or in a model without features of items.
Model WithUsers(const Model& model, std::span<const NewRow> users);
Model WithItems(const Model& model, std::span<const NewRow> items);

}  // namespace matfac
