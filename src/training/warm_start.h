#pragma once

#include <vector>

#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"

namespace matfac {

/// What a training continues from.
struct WarmStart {
  /// With rows of floats (Expanded in tensors.h).
  Model model;
  /// The row of each user and each item of the ratings in `model`; kUnknown for a new one.
  std::vector<Index> users;
  std::vector<Index> items;
  /// How many epochs `model` has had.
  int epochs_done = 0;
  /// Whether the model is to keep what it knows of `model` (WithKept in kept_rows.h).
  bool keep = false;
  /// For `keep`: for each user and each item of the ratings, the share of `model` in its row, from 0 to 1; empty for
  /// zeros. It is n / (n + m) where `model` was fitted to n ratings of the row besides its m ratings here.
  std::vector<float> user_shares;
  std::vector<float> item_shares;
};

/// The model before the first epoch: the rows of InitialModel for new users and items, those of the warm start for the
/// others. The range is that of the ratings, and so is the mean unless rows are kept: those are relative to the mean of
/// the warm start. A Bayesian chain continues from the last sample. Where the ratings
/// have exactly the users and items of the warm start, its state is kept, and with it the samples of a Bayesian model
/// whose training was stopped before its epochs were done. The weights of features are those of the warm start. Throws
/// std::invalid_argument where the solver, factors or biases of the warm start differ from those of the options, or its
/// users and items do not fit the ratings; and with `keep` where one of the two has other samples.
Model StartingModel(const Ratings& ratings, const Options& options, const WarmStart& start);

}  // namespace matfac
