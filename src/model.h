#pragma once

#include <vector>

#include "factors.h"
#include "options.h"
#include "ratings.h"

namespace matfac {

/// r̂ = u·v, or mean + user bias + item bias + u·v.
struct Model {
  ModelOptions options;
  /// N × stride and M × stride.
  FactorMatrix user_factors;
  FactorMatrix item_factors;
  /// N and M, or empty without biases.
  std::vector<float> user_bias;
  std::vector<float> item_bias;
  /// Of the ratings trained on; the prediction for an unknown pair, with what biases are known.
  double mean = 0.0;
  /// Predictions are clipped to this range.
  float minimum = 0.0F;
  float maximum = 0.0F;

  Index UserCount() const { return static_cast<Index>(user_factors.rows()); }
  Index ItemCount() const { return static_cast<Index>(item_factors.rows()); }
  int Stride() const { return static_cast<int>(item_factors.cols()); }
  float UserBias(Index user) const { return user_bias.empty() ? 0.0F : user_bias[user]; }
  float ItemBias(Index item) const { return item_bias.empty() ? 0.0F : item_bias[item]; }
  /// What every score starts from: the mean with biases, else 0.
  double Baseline() const { return options.biases ? mean : 0.0; }

  /// Throw std::invalid_argument for an index outside the model.
  void CheckUser(Index user) const;
  void CheckItem(Index item) const;

  /// r̂, not clipped; both must be known.
  double Score(Index user, Index item) const;
  double Clip(double score) const;
  /// r̂ clipped to the range; kUnknown on either side leaves mean and known biases. Throws std::invalid_argument for
  /// any other index outside the model.
  double Predict(Index user, Index item) const;
};

/// Seeded normal factors of standard deviation initial_scale / √F, and zero biases.
Model InitialModel(const Ratings& ratings, const ModelOptions& options, std::uint64_t seed);

}  // namespace matfac
