#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace matfac {

enum class SolverKind : std::uint8_t {
  kVariational,
  kAls,
  kSgd,
  kGradientDescent,
  kSvdpp,
  kNmf,
  kBayesian,
  kImplicitAls,
  kBpr,
  kPopularity,
  kBias,
};

/// Which implicit terms (Koren 2008) a Bayesian model has: none, for the items a user rated, or also for the users who
/// rated an item.
enum class ImplicitTerms : std::uint8_t { kNone, kUser, kBoth };

/// How r̂ depends on the time of a rating: not, by each user's mood in a sitting (solvers/variational/user_moods.h), by
/// each user's day, or by all of these that the solver has.
enum class TimeKind : std::uint8_t { kNone, kMood, kDays, kAll };

/// What a rating is given r̂: normal about it, or a step on an ordered scale (model/ordinal.h).
enum class Likelihood : std::uint8_t { kGaussian, kOrdinal };

/// The weight that implicit-als gives an observed pair with the rating r, before the confidence: r, log₂(1 + r), or 1
/// whatever r is. All three give 1 for r = 1.
enum class Weights : std::uint8_t { kRaw, kLog, kNone };

/// How als and implicit-als improve a row in a half-step: to its minimum, by conjugate gradient, or by blocks of
/// coordinates.
enum class Sweep : std::uint8_t { kAuto, kExact, kConjugateGradient, kBlocks };

/// What to learn.
struct ModelOptions {
  SolverKind solver = SolverKind::kAls;
  /// F, the length of each user's and each item's vector; 1 to 1,024. 0: from the data (training/data_defaults.h), in
  /// a solver whose default is 0.
  int factors = 0;
  /// λ ≥ 0 of the solver's objective on standardized ratings, which are divided by their standard deviation
  /// (Model::scale), or with sgd and gradient-descent on the ratings as they are; als and implicit-als need λ > 0;
  /// bayesian learns its own and ignores it. 0 in implicit-als: from the data.
  double regularization = 0.0;
  /// λ_b ≥ 0 of the biases in als, sgd, gradient-descent, svd++ and bias; without a value, λ.
  std::optional<double> bias_regularization = std::nullopt;
  /// r̂ = mean + user bias + item bias + u·v instead of u·v. nmf and implicit-als have none; bpr has only item biases;
  /// popularity and bias have only biases.
  bool biases = false;
  /// Each factor starts normal with standard deviation initial_scale / √F, so that ‖u‖ starts near initial_scale: on
  /// standardized ratings, or with sgd and gradient-descent, which may leave it open, on the ratings as they are.
  std::optional<double> initial_scale = std::nullopt;
  /// implicit-als: the weight α > 0 of an observed pair with rating 1, where every other pair has weight 1. 0: from the
  /// data.
  double confidence = 0.0;
  /// implicit-als.
  Weights weights = Weights::kRaw;
  /// implicit-als: β of 0 to 1, by which pairs of items that many take weigh less (ItemWeights).
  double discount = 0.0;
  /// bayesian.
  ImplicitTerms implicit_terms = ImplicitTerms::kNone;
  /// bayesian: how many samples of the posterior the model keeps; 1 to 1,024.
  int samples = 1;
  /// Solvers of ratings: also learn who takes what (solvers/preference_layer.h), which is what is recommended by.
  bool preference = false;
  /// P, the length of the vectors of preference; 1 to 256. 0: from the data.
  int preference_factors = 0;
  /// variational and bayesian; other than kNone needs ratings with times.
  TimeKind time = TimeKind::kNone;
  /// bayesian.
  Likelihood likelihood = Likelihood::kGaussian;

  double BiasRegularization() const { return bias_regularization.value_or(regularization); }
};

/// How to learn it.
struct TrainingOptions {
  /// Passes over the ratings, those of a warm start among them; 1 to 1,000,000.
  int epochs = 0;
  /// How many of them the model of a warm start has had: epochs are counted, orders drawn and rates decayed from there.
  int epochs_done = 0;
  /// η > 0 of the gradient solvers (sgd, gradient-descent, svd++, bpr) in the first epoch; the others ignore it. That
  /// of svd++ counts on standardized ratings. sgd and gradient-descent may leave it open (ChooseOpen).
  std::optional<double> learning_rate = std::nullopt;
  /// η is multiplied by this after each epoch; above 0, at most 1.
  double learning_rate_decay = 1.0;
  /// η_b of the biases in sgd, gradient-descent and svd++, the same in every epoch; 0: that of the factors, which
  /// decays, or where that is left open, one that follows from the ratings. Biases that learn more slowly than the
  /// factors predict held-out MovieLens ratings better.
  double bias_learning_rate = 0.0;
  /// sgd: the steps of a row shrink with its past gradients (Adagrad).
  bool adaptive = false;
  std::uint64_t seed = 1;
  /// Stop after this many epochs without a smaller validation RMSE, or with implicit feedback without a larger
  /// validation NDCG, and keep the best epoch; 0: never.
  int patience = 0;
  /// 1 to 64. The model does not depend on it.
  int threads = 1;
  /// als and implicit-als; kAuto chooses the cheapest for the number of factors.
  Sweep sweep = Sweep::kAuto;
};

struct Options {
  ModelOptions model;
  TrainingOptions training;
};

/// Every option by itself, in the order in which they are listed everywhere.
enum class OptionId : std::uint8_t {
  kFactors,
  kEpochs,
  kRegularization,
  kBiasRegularization,
  kLearningRate,
  kLearningRateDecay,
  kBiasLearningRate,
  kAdaptive,
  kBiases,
  kSeed,
  kInitialScale,
  kConfidence,
  kWeights,
  kDiscount,
  kImplicitTerms,
  kSamples,
  kPreference,
  kPreferenceFactors,
  kTime,
  kLikelihood,
  kThreads,
  kSweep,
  kPatience,
};

/// The solver's defaults: strong on MovieLens as they are; gradient-descent and sgd without biases or regularization,
/// with initial scale and learning rate left open.
Options DefaultOptions(SolverKind solver);

/// Throws std::invalid_argument that names the option as JavaScript spells it, what it must be and what it is.
void Validate(const Options& options);
/// The same for the options of a model without those of its training.
void Validate(const ModelOptions& model);

/// True for the solvers that learn from observed pairs alone: a rating is a weight, a score has no range.
bool IsImplicit(SolverKind solver);
/// False for the baselines, popularity and bias: models whose factors are zeros, one per row.
bool HasFactors(SolverKind solver);
/// True for the solvers that take steps of a learning rate.
bool HasLearningRate(SolverKind solver);

/// "als", "sgd", "gradient-descent", "svd++", "nmf", "bayesian", "implicit-als", "bpr", "popularity",
/// "bias".
std::string_view SolverName(SolverKind solver);
/// The reverse; throws std::invalid_argument for any other name.
SolverKind SolverFromName(std::string_view name);

}  // namespace matfac
