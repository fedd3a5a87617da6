#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <memory>
#include <tuple>
#include <vector>

#include "base/errors.h"
#include "features_data.h"
#include "fold_in/fold_in.h"
#include "fold_in/new_rows.h"
#include "fold_in/uncertainty.h"
#include "model/tensors.h"

/// Users and items that a Bayesian model gets without training.
namespace matfac {
namespace {

using test::Tastes;

constexpr Index kKinds = 2;

/// Whether the rows are items, the biases, and the features.
class BayesianNewRows : public testing::TestWithParam<std::tuple<bool, bool, bool>> {
 protected:
  const bool of_items = std::get<0>(GetParam());
  const bool biases = std::get<1>(GetParam());
  const bool has_features = std::get<2>(GetParam());
  const std::vector<Index> others = {3, 50, 7, 19, 0};
  const std::vector<float> values = {5.0F, 1.0F, 3.0F, 4.5F, 2.0F};
  const std::vector<Index> columns = {1};
  const std::vector<float> ones = {1.0F};
  Model model;
  int factors = 3;
  int stride = StrideOf(3);
  int samples = 9;

  BayesianNewRows() {
    Options options = DefaultOptions(SolverKind::kBayesian);
    options.model.factors = factors;
    options.model.samples = samples;
    options.model.biases = biases;
    options.training.epochs = 40;
    const auto features = std::make_shared<SideFeatures>();
    features->users = test::KindOfRow(Tastes::kUsers, 3);
    features->items = test::KindOfRow(Tastes::kItems, kKinds);
    model = test::Train(Tastes().Frozen(), options, has_features ? features : nullptr);
  }

  NewRow Row() const {
    if (!has_features) return {.others = others, .values = values};
    return {.others = others, .values = values, .features = {.columns = columns, .values = ones}};
  }
  Model Grown() const {
    const std::vector<NewRow> rows = {Row()};
    return of_items ? WithItems(model, rows) : WithUsers(model, rows);
  }
  Index NewIndex() const { return of_items ? model.ItemCount() : model.UserCount(); }

  struct Normal {
    Eigen::VectorXd mean;
    Eigen::MatrixXd precision;
  };
  /// The posterior of [x; b] in a sample, from the tensors.
  Normal Dense(int sample) const {
    const PosteriorSample& drawn = (of_items ? model.posterior.turned_samples : model.posterior.samples)[sample];
    const FactorMatrix& rows = of_items ? model.user_factors : model.item_factors;
    const FactorMatrix& bias = of_items ? model.posterior.user_bias : model.posterior.item_bias;
    const int size = factors + (biases ? 1 : 0);
    Eigen::VectorXd prior_mean = Eigen::VectorXd::Zero(size);
    Eigen::VectorXd prior_precision(size);
    const auto kinds = static_cast<Index>((of_items ? model.item_feature_weights : model.user_feature_weights).rows());
    for (int d = 0; d < size; ++d) {
      if (d < factors) prior_mean(d) = drawn.user_mean[d];
      prior_precision(d) = d < factors ? drawn.user_precision[d] : drawn.user_bias_precision;
      double spread = 0.0;
      for (Index kind = 0; kind < kinds; ++kind) {
        const FactorMatrix& weights = of_items ? model.item_feature_weights : model.user_feature_weights;
        const Index moments = of_items ? kind + static_cast<Index>(model.user_feature_weights.rows()) : kind;
        const double y = weights(kind, sample * (factors + 1) + d);
        prior_mean(d) += ((kind == 1 ? 1.0 : 0.0) - model.feature_ridges[2 * moments]) * y;
        spread += model.feature_ridges[2 * moments + 1] * y * y;
      }
      prior_precision(d) = 1.0 / (1.0 / prior_precision(d) - spread);
    }
    const auto count = static_cast<Eigen::Index>(others.size());
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(count, size);
    Eigen::VectorXd targets(count);
    for (Eigen::Index j = 0; j < count; ++j) {
      targets(j) = values[j] - drawn.level - (biases ? bias(others[j], sample) : 0.0F);
      for (int f = 0; f < factors; ++f) {
        design(j, f) = (of_items ? 1 : samples) * rows(others[j], sample * stride + f) + drawn.item_mean[f];
      }
    }
    Normal normal{.precision = drawn.noise_precision * design.transpose() * design};
    normal.precision.diagonal() += prior_precision;
    normal.mean = test::Solve(normal.precision, drawn.noise_precision * design.transpose() * targets +
                                                    prior_precision.cwiseProduct(prior_mean));
    return normal;
  }
};

TEST_P(BayesianNewRows, AreDrawsFromThePosteriorOfEachSample) {
  const Model grown = Grown();
  const float* const row = RowOf(of_items ? grown.item_factors : grown.user_factors, NewIndex());
  Eigen::MatrixXd normals(samples, factors);
  double mean_bias = 0.0;
  for (int sample = 0; sample < samples; ++sample) {
    const auto [mean, precision] = Dense(sample);
    Eigen::VectorXd away(factors);
    for (int f = 0; f < factors; ++f) away(f) = (of_items ? samples : 1) * row[sample * stride + f] - mean(f);
    // Of the factors alone.
    Eigen::MatrixXd marginal = precision.topLeftCorner(factors, factors);
    if (biases) {
      const Eigen::VectorXd cross = precision.col(factors).head(factors);
      marginal -= cross * cross.transpose() / precision(factors, factors);
      const PosteriorSample& drawn = (of_items ? model.posterior.turned_samples : model.posterior.samples)[sample];
      mean_bias += mean(factors) / samples;
      for (int f = 0; f < factors; ++f) mean_bias += mean(f) * drawn.item_mean[f] / samples;
    }
    normals.row(sample) = marginal.llt().matrixU() * away;
  }
  for (int f = 0; f < factors; ++f) {
    EXPECT_NEAR(normals.col(f).squaredNorm(), samples - 1, 0.02) << f;
    for (int sample = 0; sample + 1 < samples; sample += 2) {
      EXPECT_NEAR(normals(sample, f), -normals(sample + 1, f), 0.02) << f;
    }
    EXPECT_NEAR(normals(samples - 1, f), 0.0, 0.02) << f;
  }
  if (!biases) return;
  const std::vector<float>& means = of_items ? grown.item_bias : grown.user_bias;
  EXPECT_NEAR(means[NewIndex()], mean_bias, 1e-3);
}

TEST_P(BayesianNewRows, LeaveTheOthersAloneAndPassThroughTheTensors) {
  const Model grown = Grown();
  EXPECT_EQ(grown.Score(1, 2), model.Score(1, 2));
  EXPECT_EQ(Uncertainty(grown, 1, 2), Uncertainty(model, 1, 2));
  EXPECT_GT(Uncertainty(grown, of_items ? 1 : NewIndex(), of_items ? NewIndex() : 1), 0.0);
  Model copy = InitialModel(*Tastes().Frozen(), model.options, 1);
  copy.feature_ridges = {};
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.name != "trainingState") Unpack(tensor, Packed(grown, tensor), copy);
  }
  const std::vector<NewRow> rows = {Row()};
  EXPECT_EQ(WithItems(copy, rows).item_factors, WithItems(grown, rows).item_factors);
}

INSTANTIATE_TEST_SUITE_P(SidesBiasesAndFeatures, BayesianNewRows,
                         testing::Combine(testing::Bool(), testing::Bool(), testing::Bool()));

Options CalibrationOptions() {
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.factors = 4;
  options.model.preference = false;
  return options;
}

/// Items 40 to 59, with their first ratings, as new ones and as items trained with these ratings.
TEST(BayesianNewItems, AreAsUncertainAsTheSameItemsWhenTrained) {
  for (const int count : {0, 2, 10}) {
    RatingColumns known;
    RatingColumns more;
    std::vector<std::vector<Index>> users(20);
    std::vector<std::vector<float>> values(20);
    const Tastes tastes;
    for (std::size_t j = 0; j < tastes.columns.values.size(); ++j) {
      const Index item = tastes.columns.items[j];
      const bool taken = item >= 40 && static_cast<int>(users[item - 40].size()) < count;
      if (taken) {
        users[item - 40].push_back(tastes.columns.users[j]);
        values[item - 40].push_back(tastes.columns.values[j]);
      }
      for (RatingColumns* const to : {&known, &more}) {
        if (item >= 40 && (to == &known || !taken)) continue;
        to->users.push_back(tastes.columns.users[j]);
        to->items.push_back(item);
        to->values.push_back(tastes.columns.values[j]);
      }
    }
    const Model before = test::Train(test::Freeze(known, Tastes::kUsers, 40), CalibrationOptions(), nullptr);
    const Model trained = test::Train(test::Freeze(more, Tastes::kUsers, 60), CalibrationOptions(), nullptr);
    std::vector<NewRow> rows;
    for (std::size_t item = 0; item < users.size(); ++item)
      rows.push_back({.others = users[item], .values = values[item]});
    const Model grown = WithItems(before, rows);
    double of_trained = 0.0;
    double of_grown = 0.0;
    double apart = 0.0;
    for (Index user = 0; user < Tastes::kUsers; ++user) {
      for (Index item = 40; item < 60; ++item) {
        of_trained += std::pow(Uncertainty(trained, user, item), 2.0) - trained.posterior.user_noise[user];
        of_grown += std::pow(Uncertainty(grown, user, item), 2.0) - grown.posterior.user_noise[user];
        apart += std::pow(trained.Score(user, item) - grown.Score(user, item), 2.0);
      }
    }
    EXPECT_NEAR(std::sqrt(of_grown / of_trained), 1.0, 0.15) << count << " ratings";
    // Both are means of 64 draws, and trained by chains of their own.
    EXPECT_LT(apart, 0.2 * of_trained) << count << " ratings";
  }
}

TEST(BayesianNewItems, NeedTheItemsPriors) {
  Options options = CalibrationOptions();
  options.training.epochs = 10;
  Model model = test::Train(Tastes().Frozen(), options, nullptr);
  model.posterior.turned_samples.clear();
  const std::vector<NewRow> rows = {{}};
  test::ExpectError<UnsupportedError>([&] { WithItems(model, rows); }, {"posterior_item_priors", "train it again"});
  EXPECT_EQ(WithUsers(model, rows).UserCount(), model.UserCount() + 1);
  EXPECT_THROW(Unpack(*FindTensor("posteriorItemPriors"), std::vector<float>(15, 1.0F), model), std::invalid_argument);
}

}  // namespace
}  // namespace matfac
