#pragma once

#include <vector>

#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"

namespace matfac {

/// What a training goes on from.
struct WarmStart {
  Model model;
  /// For each user and each item of the ratings its row in `model`, or kUnknown for a new one.
  std::vector<Index> users;
  std::vector<Index> items;
  /// Epochs that `model` has behind it.
  int epochs_done = 0;
};

/// The model that the first epoch finds: the rows of InitialModel for whoever is new, those of the warm start for the
/// others. Mean and range are those of the ratings. A Bayesian chain goes on from the last sample. Where the ratings
/// have the very users and items of the warm start, its state goes along, and with it a Bayesian model's samples, if
/// the training was cut short of the epochs that it now has. Throws std::invalid_argument where the warm start's
/// solver, factors or biases are others than the options', or its users and items do not fit the ratings.
Model StartingModel(const Ratings& ratings, const Options& options, const WarmStart& start);

}  // namespace matfac
