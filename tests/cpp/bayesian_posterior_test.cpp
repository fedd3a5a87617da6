#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/kernels.h"
#include "base/random.h"
#include "solvers/bayesian/bayesian.h"
#include "support.h"

/// The whole sampler against its own model: simulation-based calibration (Talts et al. 2018).
namespace matfac {
namespace {

constexpr int kFactors = 2;
constexpr Index kUsers = 9;
constexpr Index kItems = 8;
constexpr int kSamples = 31;

/// One group of rows from its prior: `kFactors` factors and then the bias.
struct Group {
  std::array<double, kFactors + 1> mean{};
  std::array<double, kFactors + 1> precision{};
  std::vector<std::array<double, kFactors + 1>> rows;

  Group(Index count, Random& random) : rows(count) {
    for (int f = 0; f <= kFactors; ++f) {
      precision[f] = random.Gamma(1.0) / 0.1;
      mean[f] = random.Normal() / std::sqrt(precision[f]);
      for (auto& row : rows) row[f] = mean[f] + random.Normal() / std::sqrt(precision[f]);
    }
  }
};

/// Ratings drawn from the model, and the parameters that they were drawn from.
struct Planted {
  RatingColumns columns;
  double noise_precision = 0.0;
  Group users;
  Group items;
  Group user_implicit;
  Group item_implicit;

  Planted(ImplicitTerms terms, std::uint64_t seed) : Planted(terms, Random(seed, 1)) {}

  /// r̂ without the level, whose prior is flat.
  double Score(Index user, Index item) const {
    double score = users.rows[user][kFactors] + items.rows[item][kFactors];
    for (int f = 0; f < kFactors; ++f) score += users.rows[user][f] * items.rows[item][f];
    return score;
  }

  double Variance() const {
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : columns.values) {
      sum += value;
      squares += static_cast<double>(value) * value;
    }
    const auto count = static_cast<double>(columns.values.size());
    return squares / count - sum * sum / (count * count);
  }

 private:
  Planted(ImplicitTerms terms, Random random)
      : noise_precision(random.Gamma(1.0)),
        users(kUsers, random),
        items(kItems, random),
        user_implicit(kItems, random),
        item_implicit(kUsers, random) {
    std::vector<std::vector<Index>> rated(kUsers);
    std::vector<std::vector<Index>> raters(kItems);
    for (Index user = 0; user < kUsers; ++user) {
      for (Index item = 0; item < kItems; ++item) {
        if (random.Uniform() > 0.7) continue;
        rated[user].push_back(item);
        raters[item].push_back(user);
      }
    }
    if (terms != ImplicitTerms::kNone) Shift(users, user_implicit, rated);
    if (terms == ImplicitTerms::kBoth) Shift(items, item_implicit, raters);
    for (Index user = 0; user < kUsers; ++user) {
      const double deviation = 1.0 / std::sqrt(noise_precision * random.Gamma(5.0) / 5.0);
      for (const Index item : rated[user]) {
        columns.users.push_back(user);
        columns.items.push_back(item);
        columns.values.push_back(static_cast<float>(Score(user, item) + deviation * random.Normal()));
      }
    }
  }

  static void Shift(Group& rows, const Group& implicit, const std::vector<std::vector<Index>>& members) {
    for (std::size_t row = 0; row < members.size(); ++row) {
      for (const Index member : members[row]) {
        for (int f = 0; f <= kFactors; ++f) {
          rows.rows[row][f] += implicit.rows[member][f] / std::sqrt(static_cast<double>(members[row].size()));
        }
      }
    }
  }
};

/// Numbers that do not depend on the order or the signs of the factors, nor on the level.
constexpr std::array<const char*, 6> kNames = {
    "difference of two scores",   "noise precision",     "bias precision", "product of the factors' precisions",
    "size of the implicit terms", "size of their biases"};
using Statistics = std::array<double, kNames.size()>;
/// From here on they depend on implicit terms.
constexpr std::size_t kFirstImplicit = 4;

Statistics Of(const Planted& planted, ImplicitTerms terms) {
  double size = 0.0;
  double bias_size = 0.0;
  if (terms != ImplicitTerms::kNone) {
    for (const auto& row : planted.user_implicit.rows) {
      for (int f = 0; f < kFactors; ++f) size += row[f] * row[f] * planted.users.precision[f];
      bias_size += row[kFactors] * row[kFactors] * planted.users.precision[kFactors];
    }
  }
  return {planted.Score(0, 0) - planted.Score(1, 1),
          planted.noise_precision,
          planted.users.precision[kFactors],
          planted.users.precision[0] * planted.users.precision[1],
          size,
          bias_size};
}

double ScoreIn(const Model& model, int sample, Index user, Index item) {
  const int stride = StrideOf(kFactors);
  return model.posterior.user_bias(user, sample) + model.posterior.item_bias(item, sample) +
         kSamples * kernels::Dot(RowOf(model.user_factors, user) + sample * stride,
                                 RowOf(model.item_factors, item) + sample * stride, stride);
}

Statistics Of(const Model& model, int sample) {
  const PosteriorSample& drawn = model.posterior.samples[sample];
  double size = 0.0;
  double bias_size = 0.0;
  for (Index item = 0; item < model.item_implicit.rows(); ++item) {
    const float* y = RowOf(model.item_implicit, item) + sample * StrideOf(kFactors);
    for (int f = 0; f < kFactors; ++f) size += static_cast<double>(y[f]) * y[f] * drawn.user_precision[f];
    const double bias = model.posterior.item_implicit_bias(item, sample);
    bias_size += bias * bias * drawn.user_bias_precision;
  }
  return {ScoreIn(model, sample, 0, 0) - ScoreIn(model, sample, 1, 1),
          drawn.noise_precision,
          drawn.user_bias_precision,
          static_cast<double>(drawn.user_precision[0]) * drawn.user_precision[1],
          size,
          bias_size};
}

class Calibration : public testing::TestWithParam<ImplicitTerms> {};

TEST_P(Calibration, RanksOfThePlantedAmongTheDrawnAreUniform) {
  constexpr int kRuns = 200;
  constexpr int kBins = 8;
  std::array<std::array<int, kBins>, kNames.size()> counts{};
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.model.factors = kFactors;
  options.model.samples = kSamples;
  options.model.implicit_terms = GetParam();
  options.training.epochs = 1000;
  Workers workers(1);
  int run = 0;
  for (std::uint64_t seed = 1; run < kRuns; ++seed) {
    options.training.seed = seed;
    const Planted planted(GetParam(), 1000 + seed);
    if (planted.Variance() > 10.0) continue;
    ++run;
    const auto ratings = test::Freeze(planted.columns, kUsers, kItems);
    Bayesian solver(*ratings, options, workers, 1.0);
    Model model = InitialModel(*ratings, options.model, options.training.seed);
    for (int epoch = 1; epoch <= options.training.epochs; ++epoch) test::WorkWhole(solver, epoch, model);
    const Statistics truth = Of(planted, GetParam());
    std::array<int, kNames.size()> ranks{};
    for (int sample = 0; sample < kSamples; ++sample) {
      const Statistics drawn = Of(model, sample);
      for (std::size_t s = 0; s < truth.size(); ++s) ranks[s] += drawn[s] < truth[s] ? 1 : 0;
    }
    for (std::size_t s = 0; s < truth.size(); ++s) ++counts[s][ranks[s] * kBins / (kSamples + 1)];
  }
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (s >= kFirstImplicit && GetParam() == ImplicitTerms::kNone) continue;
    double chi_square = 0.0;
    std::string shown;
    for (const int count : counts[s]) {
      const double expected = static_cast<double>(kRuns) / kBins;
      chi_square += (count - expected) * (count - expected) / expected;
      shown += " " + std::to_string(count);
    }
    // The 0.999 quantile of χ² with 7 degrees of freedom.
    EXPECT_LT(chi_square, 24.32) << kNames[s] << ":" << shown;
  }
}

INSTANTIATE_TEST_SUITE_P(Terms, Calibration,
                         testing::Values(ImplicitTerms::kNone, ImplicitTerms::kUser, ImplicitTerms::kBoth));

}  // namespace
}  // namespace matfac
