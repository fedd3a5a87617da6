#include "solvers/variational/user_moods.h"

#include <algorithm>

#include "base/portable_math.h"
#include "base/sort.h"
#include "model/user_times.h"

namespace matfac {
namespace {

constexpr float kFirstVariance = 0.05F;
/// A scale's means depend on those of the others; more rounds per epoch change little.
constexpr std::size_t kRounds = 2;
constexpr int kScoringSteps = 3;
constexpr std::int64_t kCostPerBin = 100;

/// c and d of each bin.
struct Evidence {
  std::vector<double> weights;
  std::vector<double> sums;
};

double EnergyOf(double variance, const Evidence& bins) {
  LogSum logs;
  double explained = 0.0;
  for (std::size_t bin = 0; bin < bins.weights.size(); ++bin) {
    const double ratio = 1.0 + variance * bins.weights[bin];
    logs.Add(ratio);
    explained += bins.sums[bin] * bins.sums[bin] / ratio;
  }
  return 0.5 * (logs.Result() - variance * explained);
}

/// A variance of no larger energy.
float ImprovedVariance(float variance, const Evidence& bins) {
  double improved = variance;
  for (int step = 0; step < kScoringSteps; ++step) {
    double slope = 0.0;
    double information = 0.0;
    for (std::size_t bin = 0; bin < bins.weights.size(); ++bin) {
      const double c = bins.weights[bin];
      const double q = 1.0 / (1.0 + improved * c);
      slope += (bins.sums[bin] * bins.sums[bin] * q - c) * q;
      information += c * c * q * q;
    }
    if (information > 0.0) improved = std::max(improved + slope / information, 0.0);
  }
  const auto rounded = static_cast<float>(improved);
  return EnergyOf(rounded, bins) < EnergyOf(variance, bins) ? rounded : variance;
}

}  // namespace

UserMoods::UserMoods(const Ratings& ratings)
    : ratings_(ratings), begin_(1), by_user_(ratings.Size()), by_item_(ratings.Size()) {
  std::vector<Offset> next(ratings.ItemCount());
  for (Index item = 0; item < ratings.ItemCount(); ++item) next[item] = ratings.ByItem().Begin(item);
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    const RatingsRow row = ratings.ByUser().Row(user);
    const std::span<Index> bins = std::span(by_user_).subspan(ratings.ByUser().Begin(user), row.times.size());
    AddBins(row, bins);
    for (std::size_t j = 0; j < bins.size(); ++j) by_item_[next[row.others[j]]++] = bins[j];
    begin_.push_back(static_cast<Index>(scales_.back().bins.size()));
  }
  for (Scale& scale : scales_) {
    scale.means.resize(scale.counts.size());
    scale.variance = kFirstVariance;
  }
  errors_.resize(begin_.back());
  effects_.resize(begin_.back());
}

UserMoods::~UserMoods() = default;

void UserMoods::AddBins(const RatingsRow& row, std::span<Index> of_ratings) {
  const auto finest_of = [](std::uint32_t time) { return static_cast<Index>(time / kScales.back()); };
  // All whole widths of the finest scale, each once.
  std::vector<Index> finest(row.times.size());
  std::ranges::transform(row.times, finest.begin(), finest_of);
  Sort(finest);
  const auto repeated = std::ranges::unique(finest);
  finest.erase(repeated.begin(), repeated.end());
  const auto first = static_cast<Index>(scales_.back().bins.size());
  for (std::size_t s = 0; s < kScales.size(); ++s) {
    Scale& scale = scales_[s];
    const auto ratio = static_cast<Index>(kScales[s] / kScales.back());
    for (std::size_t b = 0; b < finest.size(); ++b) {
      if (b == 0 || finest[b] / ratio != finest[b - 1] / ratio) {
        scale.numbers.push_back(finest[b] / ratio);
        scale.counts.push_back(0.0F);
      }
      scale.bins.push_back(static_cast<Index>(scale.counts.size()) - 1);
    }
  }
  for (std::size_t j = 0; j < row.times.size(); ++j) {
    const auto at = std::ranges::lower_bound(finest, finest_of(row.times[j])) - finest.begin();
    of_ratings[j] = first + static_cast<Index>(at);
    for (Scale& scale : scales_) scale.counts[scale.bins[of_ratings[j]]] += 1.0F;
  }
}

Index UserMoods::Begin(const Scale& scale, Index user) const {
  const bool exists = begin_[user] < static_cast<Index>(scale.bins.size());
  return exists ? scale.bins[begin_[user]] : static_cast<Index>(scale.counts.size());
}

void UserMoods::SetErrors(Index user, std::span<const float> errors) {
  std::fill(errors_.begin() + begin_[user], errors_.begin() + begin_[user + 1], 0.0F);
  const Offset first = ratings_.ByUser().Begin(user);
  for (std::size_t j = 0; j < errors.size(); ++j) errors_[by_user_[first + j]] += errors[j];
}

bool UserMoods::Learn(const UserNoise& noise, Budget& budget) {
  while (steps_done_ < kRounds * kScales.size()) {
    LearnScale(scales_[steps_done_ % kScales.size()], noise);
    ++steps_done_;
    if (budget.Spend(kCostPerBin * static_cast<std::int64_t>(effects_.size()))) break;
  }
  if (steps_done_ < kRounds * kScales.size()) return false;
  steps_done_ = 0;
  return true;
}

void UserMoods::LearnScale(Scale& scale, const UserNoise& noise) {
  Evidence evidence{.weights = std::vector<double>(scale.counts.size()),
                    .sums = std::vector<double>(scale.counts.size())};
  const std::vector<float>& finest_counts = scales_.back().counts;
  for (Index user = 0; user < ratings_.UserCount(); ++user) {
    const double precision = noise.Precision(user);
    for (Index b = begin_[user]; b < begin_[user + 1]; ++b) {
      const Index bin = scale.bins[b];
      const double others = static_cast<double>(effects_[b]) - scale.means[bin];
      evidence.weights[bin] += precision * finest_counts[b];
      evidence.sums[bin] += precision * (errors_[b] - finest_counts[b] * others);
    }
  }
  scale.variance = ImprovedVariance(scale.variance, evidence);
  const double v = scale.variance;
  for (std::size_t bin = 0; bin < scale.means.size(); ++bin) {
    scale.means[bin] = static_cast<float>(v * evidence.sums[bin] / (1.0 + v * evidence.weights[bin]));
  }
  SumEffects();
}

void UserMoods::SumEffects() {
  std::ranges::fill(effects_, 0.0F);
  for (const Scale& scale : scales_) {
    for (std::size_t b = 0; b < effects_.size(); ++b) effects_[b] += scale.means[scale.bins[b]];
  }
}

void UserMoods::AddSquaredErrors(const UserNoise& noise, std::span<double> squared_errors) const {
  for (Index user = 0; user < ratings_.UserCount(); ++user) {
    double sum = 0.0;
    for (Index b = begin_[user]; b < begin_[user + 1]; ++b) {
      const double effect = effects_[b];
      sum += effect * (scales_.back().counts[b] * effect - 2.0 * errors_[b]);
    }
    for (const Scale& scale : scales_) {
      const double v = scale.variance;
      for (Index bin = Begin(scale, user); bin < Begin(scale, user + 1); ++bin) {
        sum += v * scale.counts[bin] / (1.0 + v * noise.Precision(user) * scale.counts[bin]);
      }
    }
    squared_errors[user] += sum;
  }
}

double UserMoods::FreeEnergy(const UserNoise& noise) const {
  double sum = 0.0;
  LogSum logs;
  for (const Scale& scale : scales_) {
    const double v = scale.variance;
    if (v == 0.0) continue;
    for (Index user = 0; user < ratings_.UserCount(); ++user) {
      for (Index bin = Begin(scale, user); bin < Begin(scale, user + 1); ++bin) {
        const double ratio = 1.0 + v * noise.Precision(user) * scale.counts[bin];
        sum += scale.means[bin] * (scale.means[bin] / v) + 1.0 / ratio - 1.0;
        logs.Add(ratio);
      }
    }
  }
  return 0.5 * (sum + logs.Result());
}

void UserMoods::AddTo(const UserNoise& noise, float deviation, Model& model) const {
  TimesWriter writer(ratings_.TimeOrigin(), kScales);
  const Index bias = static_cast<Index>(model.user_variances.cols()) - 1;
  for (const Scale& scale : scales_) {
    for (Index user = 0; user < ratings_.UserCount(); ++user) {
      writer.StartUser();
      const Index end = Begin(scale, user + 1);
      if (scale.variance == 0.0F || Begin(scale, user) == end) continue;
      for (Index bin = Begin(scale, user); bin < end; ++bin) {
        writer.AddBin(static_cast<std::uint32_t>(scale.numbers[bin]), deviation * scale.means[bin]);
      }
      model.user_bias[user] += deviation * scale.means[end - 1];
      const float ratio = 1.0F + scale.variance * noise.Precision(user) * scale.counts[end - 1];
      model.user_variances(user, bias) += deviation * deviation * scale.variance / ratio;
    }
  }
  model.user_times = writer.Take();
}

void UserMoods::AddTo(std::vector<std::span<float>>& state) {
  for (Scale& scale : scales_) {
    state.emplace_back(&scale.variance, 1);
    state.emplace_back(scale.means);
  }
}

}  // namespace matfac
