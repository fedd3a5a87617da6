#pragma once

#include <span>
#include <vector>

#include "base/factors.h"
#include "base/stored_rows.h"
#include "data/ratings.h"
#include "model/options.h"

namespace matfac {

/// One draw of what a Bayesian model has beside its factors.
struct PosteriorSample {
  /// What every score starts from; 0 without biases.
  float level = 0.0F;
  /// 1 / variance of a rating about r̂, the mean variance over the ratings of a user whose noise is the common one.
  float noise_precision = 1.0F;
  /// Of the normal prior of a user's bias, whose mean is 0.
  float user_bias_precision = 1.0F;
  /// The normal prior of a user's factors: means (zeros with biases) and precisions, of length stride, 0 and 1 in the
  /// padding. Implicit terms come on top of the means.
  std::vector<float> user_mean;
  std::vector<float> user_precision;
  /// What is added to an item's factors to give those that users were drawn against; zeros without biases.
  std::vector<float> item_mean;
};

/// What a Bayesian model keeps to estimate its uncertainty and to fold a visitor in. Sample s owns columns
/// s·stride … (s + 1)·stride − 1 of the factor matrices, where the item factors are divided by the number of samples,
/// so that one u·v over all columns is the posterior mean of u·v. With biases r̂ = level + b_u + b_i + u·v in each
/// sample; the factors and biases of an unknown user or item are zeros.
struct Posterior {
  /// The samples drawn, at most options.samples; the columns of those not drawn are zeros.
  std::vector<PosteriorSample> samples;
  /// The same draws in the model whose users and items have changed places, for new items (fold_in/new_rows.h); empty
  /// in models whose file has none.
  std::vector<PosteriorSample> turned_samples;
  /// N × options.samples, M × options.samples, and with implicit terms M × options.samples; empty without biases.
  FactorMatrix user_bias;
  FactorMatrix item_bias;
  FactorMatrix item_implicit_bias;
  /// Variance of a rating about r̂ for each user, the mean over the samples; length N. variational has it too.
  std::vector<float> user_noise;
};

/// r̂ = u·v, or mean + user bias + item bias + u·v.
struct Model {
  ModelOptions options;
  /// N × stride and M × stride; in a Bayesian model samples · stride columns.
  FactorMatrix user_factors;
  FactorMatrix item_factors;
  /// N and M, or empty without biases; bpr has an empty user_bias.
  std::vector<float> user_bias;
  std::vector<float> item_bias;
  /// y of the SVD++ terms, in the shape of item_factors: a user's factors hold p + Σ y / √n over the n items rated.
  /// No rows where the solver has none.
  FactorMatrix item_implicit;
  Posterior posterior;
  /// The preference layer (solvers/preference_layer.h), P columns; no rows without it. q of the items in who takes
  /// what, and the vectors that are recommended by: those of users and items who take what they also like.
  FactorMatrix taken_items;
  FactorMatrix liked_users;
  FactorMatrix liked_items;
  /// implicit-als with a discount: ItemWeights, length M; else empty.
  std::vector<float> item_weights;
  /// PreferenceTerms, then the mean of the users' vectors in who takes what.
  std::vector<float> preference_terms;
  /// variational: the posterior variances of a row's factors and of its bias, in the units of these, N × (F + 1) and
  /// M × (F + 1).
  FactorMatrix user_variances;
  FactorMatrix item_variances;
  /// variational: the priors of rows and noise (model/row_priors.h).
  std::vector<float> row_priors;
  /// The weights of features (data/features.h), a row for each of their columns: what a feature adds to the prior means
  /// of a row's factors and bias, F + 1 a sample, and to those of its vector to be recommended by, P columns. No rows
  /// without features.
  FactorMatrix user_feature_weights;
  FactorMatrix item_feature_weights;
  FactorMatrix user_feature_liked;
  FactorMatrix item_feature_liked;
  /// als and implicit-als: the ridges of the users' weights, then of the items' (solvers/feature_prior.h), 0 until they
  /// are learned; bayesian: the mean and the variance of each feature of the users, then of the items.
  std::vector<float> feature_ridges;
  /// With time: what the time of a rating adds to its prediction (model/user_times.h); empty where it adds nothing.
  std::vector<float> user_times;
  /// With the likelihood 'ordinal': OrdinalTerms (model/ordinal.h), packed; else empty.
  std::vector<float> ordinal_terms;
  /// Where a model keeps whole numbers (UnpackCodes): these in place of item_factors, item_implicit, taken_items and
  /// liked_items, which then have columns and no rows. Such a model is read and not trained.
  QuantizedMatrix item_codes;
  QuantizedMatrix item_implicit_codes;
  QuantizedMatrix taken_codes;
  QuantizedMatrix liked_codes;
  /// What the solver needs beside the rest to continue its training to the bit, in an order of its own
  /// (docs/model-format.md); empty where the rest is enough.
  std::vector<float> state;
  /// The prediction for an unknown pair, plus the known biases: the mean of the ratings trained on, or of the
  /// samples' levels.
  double mean = 0.0;
  /// The standard deviation of the ratings trained on, by which the options of the model count: they mean what they
  /// mean on ratings divided by it. 1 for options in units of a rating, as models of other libraries have them.
  double scale = 1.0;
  /// Predictions are within this range; −∞ to ∞ for implicit feedback.
  float minimum = 0.0F;
  float maximum = 0.0F;

  Index UserCount() const { return static_cast<Index>(user_factors.rows()); }
  Index ItemCount() const { return ItemFactors().Count(); }
  int Stride() const { return static_cast<int>(item_factors.cols()); }
  bool HasPreference() const { return taken_items.cols() > 0; }
  /// The rows of the items, as floats or as whole numbers.
  StoredRows ItemFactors() const { return {item_factors, item_codes}; }
  StoredRows ItemImplicit() const { return {item_implicit, item_implicit_codes}; }
  StoredRows TakenItems() const { return {taken_items, taken_codes}; }
  StoredRows LikedItems() const { return {liked_items, liked_codes}; }
  /// 0 without biases. Need an index within the model.
  float UserBias(Index user) const { return user_bias.empty() ? 0.0F : user_bias[user]; }
  float ItemBias(Index item) const { return item_bias.empty() ? 0.0F : item_bias[item]; }
  /// What every score starts from: the mean with biases, else 0; 0 for implicit feedback.
  double Baseline() const { return options.biases && !IsImplicit(options.solver) ? mean : 0.0; }

  /// Throw std::invalid_argument for an index outside the model.
  void CheckUser(Index user) const;
  void CheckItem(Index item) const;

  /// r̂, not clipped. Needs 0 ≤ user < UserCount() and 0 ≤ item < ItemCount().
  double Score(Index user, Index item) const;
  /// The score within minimum … maximum.
  double Clip(double score) const;
  /// r̂ + shift clipped to the range; with kUnknown on either side, the mean and the known biases in place of r̂. Throws
  /// std::invalid_argument for any other index outside the model. With the likelihood 'ordinal' the expected rating.
  double Predict(Index user, Index item, double shift = 0.0) const;
};

/// row ← row + scale · s of length model.Stride(), with s = Σ y / √n over the n items rated; no change without implicit
/// terms. Needs items within the model.
void AddImplicitPart(const Model& model, std::span<const Index> items, float scale, float* row);

/// By how much the observed pairs of an item weigh more or less than those of others, with n of them:
///   k = n^−discount / Z,  Z = Σ_observed n^−discount / R
/// so that the mean weight of an observed pair stays. Items that many take would else fill the factors (the exponent is
/// the one of a popularity discount in Steck 2011, "Item popularity and recommendation accuracy"). An item without
/// pairs has the weight of one with a single pair. Empty for a discount of 0.
std::vector<float> ItemWeights(const Ratings& ratings, double discount);

/// The initial scale of sgd and gradient-descent where it is left open: √m / 4, with the mean m of |r|, or with biases
/// of |r − mean| (1 where all are 0).
double OpenInitialScale(const Ratings& ratings, const ModelOptions& options);

/// Seeded normal factors of standard deviation √σ · initial_scale / √F, zero biases and zero implicit terms; σ is 1 for
/// sgd and gradient-descent, whose options count in units of a rating. For nmf absolute values, with a scale in place
/// of √σ for which u·v is the mean rating on average when initial_scale is 1. Zeros for the baselines. Needs valid
/// options.
Model InitialModel(const Ratings& ratings, const ModelOptions& options, std::uint64_t seed);

}  // namespace matfac
