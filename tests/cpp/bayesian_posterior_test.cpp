#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>
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
constexpr int kDays = 3;
/// Of the users and of the items.
constexpr Index kColumns = 3;

/// Which parts the model has: implicit terms, and whether features of users and items and days, and ordered ratings.
struct Parts {
  ImplicitTerms terms = ImplicitTerms::kNone;
  bool features_and_days = false;
  bool ordinal = false;
};

/// Of ordered ratings; the prior of the cut points is that of bayesian_cuts.h.
constexpr int kLevels = 4;
constexpr double kCutDeviation = 3.0;
/// A data set where fewer ratings have one of the levels is left out.
constexpr double kLeastShare = 0.08;

/// Two kinds of rows and a number, which a few rows do not have.
Features MakeFeatures(Index rows) {
  std::vector<Offset> offsets = {0};
  std::vector<Index> columns;
  std::vector<float> values;
  for (Index row = 0; row < rows; ++row) {
    columns.push_back(row % 2);
    values.push_back(1.0F);
    if (row % 4 != 3) {
      columns.push_back(2);
      values.push_back(0.3F * static_cast<float>(row) - 1.0F);
    }
    offsets.push_back(static_cast<Offset>(columns.size()));
  }
  return {"features", std::move(offsets), std::move(columns), std::move(values), kColumns};
}

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
  /// That of a rating, averaged over the items' noise.
  double common_precision = 0.0;
  std::set<std::pair<Index, int>> rated_days;
  std::vector<double> cuts;
  Group users;
  Group items;
  Group user_implicit;
  Group item_implicit;
  /// Of each user, and which of them is the last one with a rating (−1: none).
  std::vector<std::array<double, kDays>> days;
  std::vector<int> last_day;

  Planted(const Parts& parts, std::uint64_t seed) : Planted(parts, Random(seed, 1)) {}

  /// r̂ without the level, whose prior is flat, on the user's last day.
  double Score(Index user, Index item) const {
    return ScoreWithoutDay(user, item) + (last_day[user] < 0 ? 0.0 : days[user][last_day[user]]);
  }

  double ScoreWithoutDay(Index user, Index item) const {
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

  bool HasAllLevels() const {
    std::array<int, kLevels> counts{};
    for (const float value : columns.values) ++counts[static_cast<std::size_t>(value)];
    return std::ranges::min(counts) >= kLeastShare * static_cast<double>(columns.values.size());
  }

 private:
  Planted(const Parts& parts, Random random)
      : noise_precision(parts.ordinal ? 1.0 : random.Gamma(1.0)),
        users(kUsers, random),
        items(kItems, random),
        user_implicit(kItems, random),
        item_implicit(kUsers, random),
        days(kUsers),
        last_day(kUsers, -1) {
    std::vector<std::vector<Index>> rated(kUsers);
    std::vector<std::vector<Index>> raters(kItems);
    for (Index user = 0; user < kUsers; ++user) {
      for (Index item = 0; item < kItems; ++item) {
        if (random.Uniform() > 0.7) continue;
        rated[user].push_back(item);
        raters[item].push_back(user);
      }
    }
    if (parts.terms != ImplicitTerms::kNone) Shift(users, user_implicit, rated);
    if (parts.terms == ImplicitTerms::kBoth) Shift(items, item_implicit, raters);
    if (parts.features_and_days) {
      const Group user_features(kColumns, random);
      const Group item_features(kColumns, random);
      Shift(users, user_features, MakeFeatures(kUsers));
      Shift(items, item_features, MakeFeatures(kItems));
      const double deviation = 1.0 / std::sqrt(random.Gamma(1.0) / 0.1);
      for (auto& of_user : days) {
        for (double& day : of_user) day = deviation * random.Normal();
      }
    }
    Rate(rated, parts.features_and_days, random);
    if (parts.ordinal) Order(random);
  }

  /// Ratings become their levels.
  void Order(Random& random) {
    for (int cut = 0; cut + 1 < kLevels; ++cut) cuts.push_back(kCutDeviation * random.Normal());
    std::ranges::sort(cuts);
    for (float& value : columns.values) {
      value = static_cast<float>(std::ranges::lower_bound(cuts, static_cast<double>(value)) - cuts.begin());
    }
  }

  void Rate(const std::vector<std::vector<Index>>& rated, bool has_days, Random& random) {
    std::array<double, kItems> weights{};
    for (double& weight : weights) weight = random.Gamma(5.0) / 5.0;
    double variances = 0.0;
    for (Index user = 0; user < kUsers; ++user) {
      const double precision = noise_precision * random.Gamma(5.0) / 5.0;
      for (const Index item : rated[user]) {
        const int day = has_days ? static_cast<int>(random.Below(kDays)) : 0;
        last_day[user] = std::max(last_day[user], day);
        const double deviation = 1.0 / std::sqrt(precision * weights[item]);
        columns.users.push_back(user);
        columns.items.push_back(item);
        columns.values.push_back(
            static_cast<float>(ScoreWithoutDay(user, item) + days[user][day] + deviation * random.Normal()));
        if (has_days) columns.times.push_back(kSecondsPerDay * (10 + day) + 3600.0 * item);
        rated_days.insert({user, day});
        variances += 1.0 / weights[item];
      }
    }
    common_precision = noise_precision * static_cast<double>(columns.values.size()) / variances;
  }

  /// Shifts the rows, and changes their precisions to those of a row without known features.
  static void Shift(Group& rows, const Group& weights, const Features& features) {
    const auto count = static_cast<double>(rows.rows.size());
    std::array<double, kColumns> sums{};
    std::array<double, kColumns> squares{};
    for (Index row = 0; row < features.RowCount(); ++row) {
      const FeaturesRow given = features.Row(row);
      for (std::size_t n = 0; n < given.columns.size(); ++n) {
        sums[given.columns[n]] += given.values[n] / count;
        squares[given.columns[n]] += given.values[n] * given.values[n] / count;
        for (int f = 0; f <= kFactors; ++f) rows.rows[row][f] += given.values[n] * weights.rows[given.columns[n]][f];
      }
    }
    for (int f = 0; f <= kFactors; ++f) {
      double variance = 1.0 / rows.precision[f];
      for (Index column = 0; column < kColumns; ++column) {
        variance += weights.rows[column][f] * weights.rows[column][f] * (squares[column] - sums[column] * sums[column]);
      }
      rows.precision[f] = 1.0 / variance;
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
constexpr std::array<const char*, 9> kNames = {
    "difference of two scores",   "noise precision",      "bias precision",   "product of the factors' precisions",
    "size of the implicit terms", "size of their biases", "size of the days", "first cut point less a score",
    "distance of two cut points"};
using Statistics = std::array<double, kNames.size()>;
/// From here on they depend on implicit terms.
constexpr std::size_t kFirstImplicit = 4;
/// It depends on days.
constexpr std::size_t kOfDays = 6;
/// From here on they are of cut points.
constexpr std::size_t kFirstOfCuts = 7;

bool Has(const Parts& parts, std::size_t statistic) {
  if (statistic >= kFirstOfCuts) return parts.ordinal;
  if (statistic == kOfDays) return parts.features_and_days;
  return statistic < kFirstImplicit || parts.terms != ImplicitTerms::kNone;
}

Statistics Of(const Planted& planted, ImplicitTerms terms) {
  double size = 0.0;
  double bias_size = 0.0;
  if (terms != ImplicitTerms::kNone) {
    for (const auto& row : planted.user_implicit.rows) {
      for (int f = 0; f < kFactors; ++f) size += row[f] * row[f] * planted.users.precision[f];
      bias_size += row[kFactors] * row[kFactors] * planted.users.precision[kFactors];
    }
  }
  double day_size = 0.0;
  for (const auto& [user, day] : planted.rated_days) day_size += planted.days[user][day] * planted.days[user][day];
  return {planted.Score(0, 0) - planted.Score(1, 1),
          planted.common_precision,
          planted.users.precision[kFactors],
          planted.users.precision[0] * planted.users.precision[1],
          size,
          bias_size,
          day_size,
          planted.cuts.empty() ? 0.0 : planted.cuts[0] - planted.Score(0, 0),
          planted.cuts.empty() ? 0.0 : planted.cuts[2] - planted.cuts[0]};
}

double ScoreIn(const Model& model, int sample, Index user, Index item) {
  const int stride = StrideOf(kFactors);
  return model.posterior.user_bias(user, sample) + model.posterior.item_bias(item, sample) +
         static_cast<double>(model.posterior.samples.size()) *
             kernels::Dot(RowOf(model.user_factors, user) + sample * stride,
                          RowOf(model.item_factors, item) + sample * stride, stride);
}

/// The days' biases, their means and the cut points end the state of a model, which is that of the last sweep.
double DaySizeIn(const Model& model, std::size_t days) {
  const std::size_t cuts = model.ordinal_terms.empty() ? 0 : kLevels - 1;
  double size = 0.0;
  for (std::size_t day = 0; day < days; ++day) {
    const double bias = model.state[model.state.size() - cuts - 2 * days + day];
    size += bias * bias;
  }
  return size;
}

double CutIn(const Model& model, std::size_t cut) { return model.state[model.state.size() - (kLevels - 1) + cut]; }

Statistics Of(const Model& model, int sample, std::size_t days) {
  const PosteriorSample& drawn = model.posterior.samples[sample];
  const bool ordinal = !model.ordinal_terms.empty();
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
          bias_size,
          DaySizeIn(model, days),
          ordinal ? CutIn(model, 0) - drawn.level - ScoreIn(model, sample, 0, 0) : 0.0,
          ordinal ? CutIn(model, 2) - CutIn(model, 0) : 0.0};
}

class Calibration : public testing::TestWithParam<Parts> {};

TEST_P(Calibration, RanksOfThePlantedAmongTheDrawnAreUniform) {
  constexpr int kRuns = 200;
  constexpr int kBins = 8;
  std::array<std::array<int, kBins>, kNames.size()> counts{};
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.model.factors = kFactors;
  options.model.samples = kSamples;
  options.model.implicit_terms = GetParam().terms;
  options.training.epochs = 1000;
  if (GetParam().ordinal) options.model.likelihood = Likelihood::kOrdinal;
  SideFeatures features;
  if (GetParam().features_and_days) {
    options.model.time = TimeKind::kDays;
    features = {.users = MakeFeatures(kUsers), .items = MakeFeatures(kItems)};
  }
  const SampleSchedule schedule(options.training.epochs, kSamples);
  Workers workers(1);
  int run = 0;
  for (std::uint64_t seed = 1; run < kRuns; ++seed) {
    options.training.seed = seed;
    const Planted planted(GetParam(), 1000 + seed);
    if (GetParam().ordinal ? !planted.HasAllLevels() : planted.Variance() > 10.0) continue;
    ++run;
    const auto ratings = test::Freeze(planted.columns, kUsers, kItems);
    Bayesian solver(*ratings, options, workers, features, 1.0);
    Model model = InitialModel(*ratings, options.model, options.training.seed);
    const Statistics truth = Of(planted, GetParam().terms);
    std::array<int, kNames.size()> ranks{};
    for (int epoch = 1; epoch <= options.training.epochs; ++epoch) {
      test::WorkWhole(solver, epoch, model);
      const int sample = schedule.SlotOf(epoch);
      if (epoch <= options.training.epochs / 5 || sample == SampleSchedule::kNotKept) continue;
      const Statistics drawn = Of(model, sample, GetParam().features_and_days ? planted.rated_days.size() : 0);
      for (std::size_t s = 0; s < truth.size(); ++s) ranks[s] += drawn[s] < truth[s] ? 1 : 0;
    }
    for (std::size_t s = 0; s < truth.size(); ++s) ++counts[s][ranks[s] * kBins / (kSamples + 1)];
  }
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (!Has(GetParam(), s)) continue;
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
                         testing::Values(Parts{ImplicitTerms::kNone, false}, Parts{ImplicitTerms::kUser, false},
                                         Parts{ImplicitTerms::kBoth, false}, Parts{ImplicitTerms::kNone, true},
                                         Parts{ImplicitTerms::kBoth, true}, Parts{ImplicitTerms::kNone, false, true},
                                         Parts{ImplicitTerms::kBoth, true, true}));

}  // namespace
}  // namespace matfac
