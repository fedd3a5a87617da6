#include "fold_in/bayesian_rule.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/kernels.h"
#include "model/ordinal.h"

namespace matfac {
namespace {

/// The regression of a visitor in one sample at a time.
class SampleRegression {
 public:
  SampleRegression(const Model& model, std::span<const Index> items, std::span<const float> values,
                   const FeaturesRow& features)
      : model_(model),
        items_(items),
        values_(values),
        features_(features),
        stride_(StrideOf(model.options.factors)),
        inverse_root_(items.empty() ? 0.0F : 1.0F / std::sqrt(static_cast<float>(items.size()))),
        order_(InOrder(items.size())),
        rows_(static_cast<Index>(items.size()), stride_),
        targets_(items.size()),
        system_(stride_, model.options.biases),
        solved_(stride_),
        item_row_(stride_) {}

  void Build(int sample) {
    sample_ = sample;
    GatherRatings();
    GatherPriorMean();
    if (IsOrdinal(model_.options)) {
      FitOrdinal();
    } else {
      BuildSystem();
    }
  }

  /// The sample's share of the profile.
  void AddTo(Profile& profile) const {
    float* factors = profile.factors.data() + sample_ * stride_;
    float bias = 0.0F;
    system_.Solve(factors, &bias);
    if (!model_.options.biases) return;
    bias += kernels::Dot(factors, Drawn().item_mean.data(), stride_);
    profile.bias += bias / static_cast<float>(model_.posterior.samples.size());
  }

  /// Draws the sample's part of a row by standard normals, the bias's last.
  void Draw(const double* normals, BayesianRule::Row& row) {
    const int factors = model_.options.factors;
    const double deviation = 1.0 / std::sqrt(Drawn().noise_precision);
    std::vector<float> noise(stride_);
    for (int f = 0; f < factors; ++f) noise[f] = static_cast<float>(deviation * normals[f]);
    float* x = row.factors.data() + sample_ * stride_;
    float bias = 0.0F;
    system_.Draw(noise.data(), static_cast<float>(deviation * normals[factors]), x, &bias);
    if (model_.options.biases) row.biases[sample_] = bias + kernels::Dot(x, Drawn().item_mean.data(), stride_);
  }

  /// The sample's share of what each rating adds to the score of `item`.
  void AddTo(Index item, std::vector<float>& contributions) const {
    const std::vector<float> q = Factors().Copy(item);
    std::vector<float> weights = q;
    system_.Apply(weights.data());
    const float centre = kernels::Dot(system_.Centre(), weights.data(), stride_);
    const float constant = kernels::Dot(Drawn().user_mean.data(), q.data(), stride_) * inverse_root_ * inverse_root_;
    for (std::size_t j = 0; j < contributions.size(); ++j) {
      const float* row = RowOf(rows_, order_[j]);
      const float target = targets_[j] - bias_mean_ - kernels::Dot(row, mean_.data(), stride_);
      const float weight = weights_.empty() ? 1.0F : weights_[j];
      contributions[j] += constant + weight * target * (kernels::Dot(row, weights.data(), stride_) - centre);
      if (HasImplicit()) contributions[j] += inverse_root_ * Implicit().Dot(q.data(), items_[j]);
    }
  }

  /// Solves the visitor's side in this sample. Needed before Predict.
  void Solve() { system_.Solve(solved_.data(), &solved_bias_); }

  /// r̂ of `item` in this sample, and its variance with the noise of a rating.
  LatentValue Predict(Index item) {
    std::ranges::copy(Drawn().item_mean, item_row_.begin());
    const auto samples = static_cast<float>(model_.posterior.samples.size());
    kernels::Axpy(samples, Factors().Row(item, room_), item_row_.data(), stride_);
    double mean = Drawn().level + solved_bias_ + kernels::Dot(solved_.data(), item_row_.data(), stride_);
    if (model_.options.biases) mean += model_.posterior.item_bias(item, sample_);
    return {.mean = mean, .variance = (1.0 + system_.Leverage(item_row_.data())) / Drawn().noise_precision};
  }

 private:
  void BuildSystem() {
    const float scale = 1.0F / Drawn().noise_precision;
    std::vector<float> strength(precision_);
    kernels::Scale(scale, strength.data(), stride_);
    const RidgePrior prior{
        .strength = strength, .mean = mean_, .bias_strength = scale * bias_precision_, .bias_mean = bias_mean_};
    if (!system_.Build(rows_, {.rows = order_, .targets = targets_, .weights = weights_}, prior)) {
      ThrowInvalid("ratings must leave the posterior of a visitor regular in float32; with these it is singular");
    }
  }

  /// Newton's method to the mode: each rating is as good as one of r̂ + slope / curvature with the weight curvature. A
  /// weight of 1, that of a latent value that is known, would converge too, but slowly.
  void FitOrdinal() {
    constexpr int kMostSteps = 30;
    constexpr double kLeastWeight = 0.1;
    constexpr double kTolerance = 1e-4;
    const OrdinalTerms terms = OrdinalTerms::Of(model_);
    const double deviation = 1.0 / std::sqrt(Drawn().noise_precision);
    const std::vector<float> others = targets_;  // r − level − the items' biases
    std::vector<double> scores(items_.size());
    weights_.resize(items_.size());
    std::ranges::copy(mean_, solved_.begin());
    solved_bias_ = bias_mean_;
    double change = deviation;
    for (int step = 0; step < kMostSteps && change > kTolerance * deviation; ++step) {
      change = 0.0;
      for (std::size_t j = 0; j < items_.size(); ++j) {
        const double own = Own(j);
        const LevelSlope at = SlopeOf(terms, terms.LevelOf(values_[j]), values_[j] - others[j] + own, deviation);
        const double weight = std::clamp(at.curvature, kLeastWeight, 1.0);
        weights_[j] = static_cast<float>(weight);
        targets_[j] = static_cast<float>(own + deviation * at.slope / weight);
        scores[j] = own;
      }
      BuildSystem();
      Solve();
      for (std::size_t j = 0; j < items_.size(); ++j) change = std::max(change, std::abs(Own(j) - scores[j]));
    }
    if (items_.empty()) BuildSystem();
  }

  /// The visitor's part of the score of item j.
  double Own(std::size_t j) const {
    return solved_bias_ + kernels::Dot(RowOf(rows_, order_[j]), solved_.data(), stride_);
  }

  const PosteriorSample& Drawn() const { return model_.posterior.samples[sample_]; }
  bool HasImplicit() const { return model_.ItemImplicit().Count() > 0; }
  /// Those of the sample.
  StoredRows Factors() const { return model_.ItemFactors().Columns(sample_ * stride_, stride_); }
  StoredRows Implicit() const { return model_.ItemImplicit().Columns(sample_ * stride_, stride_); }

  void GatherRatings() {
    const PosteriorSample& drawn = Drawn();
    const auto samples = static_cast<float>(model_.posterior.samples.size());
    for (std::size_t j = 0; j < items_.size(); ++j) {
      float* row = RowOf(rows_, order_[j]);
      std::ranges::copy(drawn.item_mean, row);
      kernels::Axpy(samples, Factors().Row(items_[j], room_), row, stride_);
      targets_[j] = values_[j] - drawn.level;
      if (model_.options.biases) targets_[j] -= model_.posterior.item_bias(items_[j], sample_);
    }
  }

  void GatherPriorMean() {
    mean_ = Drawn().user_mean;
    bias_mean_ = 0.0F;
    precision_ = Drawn().user_precision;
    bias_precision_ = Drawn().user_bias_precision;
    AddFeatures();
    if (!HasImplicit()) return;
    for (const Index item : items_) {
      kernels::Axpy(inverse_root_, Implicit().Row(item, room_), mean_.data(), stride_);
      if (model_.options.biases) bias_mean_ += inverse_root_ * model_.posterior.item_implicit_bias(item, sample_);
    }
  }

  /// With f̄ and s² for the mean and the variance of a feature over the model's users, the samples have the prior of a
  /// user whose features are not known: its mean has Σ f̄ y, and its variance Σ s² y².
  void AddFeatures() {
    if (features_.columns.empty()) return;
    const FactorMatrix& weights = model_.user_feature_weights;
    const int factors = model_.options.factors;
    std::vector<double> shift(factors + 1);
    std::vector<double> spread(factors + 1);
    std::size_t next = 0;
    for (Index j = 0; j < static_cast<Index>(weights.rows()); ++j) {
      const bool given = next < features_.columns.size() && features_.columns[next] == j;
      const double value = given ? features_.values[next++] : 0.0F;
      const float* y = RowOf(weights, j) + static_cast<Offset>(sample_) * (factors + 1);
      for (int d = 0; d <= factors; ++d) {
        shift[d] += (value - model_.feature_ridges[2 * j]) * y[d];
        spread[d] += static_cast<double>(model_.feature_ridges[2 * j + 1]) * y[d] * y[d];
      }
    }
    const auto known = [](double precision, double variance) {
      // The rest of a variance has at least the digits that float32 leaves of it.
      return static_cast<float>(1.0 / std::max(1.0 / precision - variance, 1e-5 / precision));
    };
    for (int f = 0; f < factors; ++f) {
      mean_[f] += static_cast<float>(shift[f]);
      precision_[f] = known(precision_[f], spread[f]);
    }
    if (!model_.options.biases) return;
    bias_mean_ = static_cast<float>(shift[factors]);
    bias_precision_ = known(bias_precision_, spread[factors]);
  }

  const Model& model_;
  std::span<const Index> items_;
  std::span<const float> values_;
  FeaturesRow features_;
  int stride_;
  float inverse_root_;
  int sample_ = 0;
  std::vector<Index> order_;
  FactorMatrix rows_;
  std::vector<float> targets_;
  std::vector<float> weights_;  // none where all are 1
  std::vector<float> mean_;
  float bias_mean_ = 0.0F;
  std::vector<float> precision_;
  float bias_precision_ = 0.0F;
  RidgeSystem system_;
  std::vector<float> solved_;
  float solved_bias_ = 0.0F;
  std::vector<float> item_row_;
  std::vector<float> room_;  // of an item's row
};

/// A row of `columns` standard normals for each sample, in pairs of opposite ones; in each column the squares sum to
/// samples − 1.
std::vector<double> OppositeNormals(int samples, int columns, Random random) {
  std::vector<double> normals(static_cast<std::size_t>(samples) * columns);
  for (int column = 0; column < columns; ++column) {
    double squares = 0.0;
    for (int sample = 0; sample + 1 < samples; sample += 2) {
      const double drawn = random.Normal();
      normals[sample * columns + column] = drawn;
      normals[(sample + 1) * columns + column] = -drawn;
      squares += 2.0 * drawn * drawn;
    }
    const double scale = samples > 1 ? std::sqrt((samples - 1) / squares) : 0.0;
    for (int sample = 0; sample < samples; ++sample) normals[sample * columns + column] *= scale;
  }
  return normals;
}

}  // namespace

Profile BayesianRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                             const FeaturesRow& features) const {
  Profile profile{.factors = std::vector<float>(model_.Stride())};
  SampleRegression regression(model_, items, values, features);
  for (int sample = 0; sample < static_cast<int>(model_.posterior.samples.size()); ++sample) {
    regression.Build(sample);
    regression.AddTo(profile);
  }
  return profile;
}

BayesianRule::Row BayesianRule::Draw(std::span<const Index> items, std::span<const float> values,
                                     const FeaturesRow& features, Random random) const {
  const int samples = static_cast<int>(model_.posterior.samples.size());
  const int columns = model_.options.factors + 1;
  const std::vector<double> normals = OppositeNormals(samples, columns, random);
  Row row{.factors = std::vector<float>(model_.Stride()),
          .biases = std::vector<float>(model_.options.biases ? model_.options.samples : 0)};
  SampleRegression regression(model_, items, values, features);
  for (int sample = 0; sample < samples; ++sample) {
    regression.Build(sample);
    regression.Draw(normals.data() + sample * columns, row);
  }
  return row;
}

std::vector<float> BayesianRule::Explain(std::span<const Index> items, std::span<const float> values,
                                         const FeaturesRow& features, Index item) const {
  std::vector<float> contributions(items.size());
  SampleRegression regression(model_, items, values, features);
  for (int sample = 0; sample < static_cast<int>(model_.posterior.samples.size()); ++sample) {
    regression.Build(sample);
    regression.AddTo(item, contributions);
  }
  return contributions;
}

std::vector<LatentValue> BayesianRule::Estimate(std::span<const Index> items, std::span<const float> values,
                                                const FeaturesRow& features, std::span<const Index> asked) const {
  const int samples = static_cast<int>(model_.posterior.samples.size());
  SampleRegression regression(model_, items, values, features);
  // By Welford's recurrence, as in Uncertainty for a user.
  std::vector<LatentValue> estimates(asked.size());
  std::vector<double> squares(asked.size());
  for (int sample = 0; sample < samples; ++sample) {
    regression.Build(sample);
    regression.Solve();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const LatentValue prediction = regression.Predict(asked[i]);
      LatentValue& estimate = estimates[i];
      const double change = prediction.mean - estimate.mean;
      estimate.mean += change / (sample + 1);
      squares[i] += change * (prediction.mean - estimate.mean);
      estimate.variance += prediction.variance / samples;
    }
  }
  for (std::size_t i = 0; samples > 1 && i < asked.size(); ++i) estimates[i].variance += squares[i] / (samples - 1);
  return estimates;
}

}  // namespace matfac
