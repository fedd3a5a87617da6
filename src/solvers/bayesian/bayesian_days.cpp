#include "solvers/bayesian/bayesian_days.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random_streams.h"
#include "solvers/bayesian/bayesian_prior.h"

namespace matfac {
namespace {

constexpr auto kDay = static_cast<std::uint32_t>(kSecondsPerDay);

}  // namespace

BayesianDays::BayesianDays(const Ratings& ratings, const Options& options, double scale)
    : ratings_(ratings),
      seed_(options.training.seed),
      scale_(scale),
      precision_(1.0 / (scale * scale)),
      of_user_ratings_(ratings.Size()),
      of_item_ratings_(ratings.Size()) {
  // An item's ratings are by ascending user.
  std::vector<Offset> next(ratings.ItemCount());
  for (Index item = 0; item < ratings.ItemCount(); ++item) next[item] = ratings.ByItem().Begin(item);
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    begin_.push_back(static_cast<Index>(days_.size()));
    const RatingsRow row = ratings.ByUser().Row(user);
    std::vector<std::uint32_t> days;
    const auto place = [&](std::uint32_t time) { return std::ranges::lower_bound(days, time / kDay); };
    for (const std::uint32_t time : row.times) {
      const auto at = place(time);
      if (at == days.end() || *at != time / kDay) days.insert(at, time / kDay);
    }
    days_.insert(days_.end(), days.begin(), days.end());
    for (std::size_t j = 0; j < row.times.size(); ++j) {
      const auto number = static_cast<Index>(begin_.back() + (place(row.times[j]) - days.begin()));
      of_user_ratings_[ratings.ByUser().Begin(user) + static_cast<Offset>(j)] = number;
      of_item_ratings_[next[row.others[j]]++] = number;
    }
  }
  begin_.push_back(static_cast<Index>(days_.size()));
  biases_.resize(days_.size());
  means_.resize(days_.size());
}

void BayesianDays::DrawPrior(int epoch) {
  Random random(seed_, StreamOf(RandomUse::kBayesianDayPrior, epoch, 0));
  double squares = 0.0;
  for (const float bias : biases_) squares += static_cast<double>(bias) * bias;
  precision_ =
      random.Gamma(1.0 + 0.5 * static_cast<double>(biases_.size())) / (kPriorRate * scale_ * scale_ + 0.5 * squares);
}

void BayesianDays::SubtractUser(Index user, std::vector<float>& targets) const {
  const Index* const days = of_user_ratings_.data() + ratings_.ByUser().Begin(user);
  for (std::size_t j = 0; j < targets.size(); ++j) targets[j] -= biases_[days[j]];
}

void BayesianDays::SubtractItem(Index item, std::vector<float>& targets) const {
  const Index* const days = of_item_ratings_.data() + ratings_.ByItem().Begin(item);
  for (std::size_t j = 0; j < targets.size(); ++j) targets[j] -= biases_[days[j]];
}

void BayesianDays::Draw(Index user, double precision, std::span<const float> weights, std::span<float> errors,
                        Random& random) {
  const Index* const days = of_user_ratings_.data() + ratings_.ByUser().Begin(user);
  const Index begin = begin_[user];
  // Per day Σ w and Σ w (r − r̂ + b).
  std::vector<double> weight_sums(begin_[user + 1] - begin);
  std::vector<double> error_sums(weight_sums.size());
  for (std::size_t j = 0; j < errors.size(); ++j) {
    errors[j] += biases_[days[j]];
    weight_sums[days[j] - begin] += weights[j];
    error_sums[days[j] - begin] += static_cast<double>(weights[j]) * errors[j];
  }
  for (std::size_t day = 0; day < weight_sums.size(); ++day) {
    const double peak = precision_ + precision * weight_sums[day];
    const double drawn = precision * error_sums[day] / peak + random.Normal() / std::sqrt(peak);
    biases_[begin + day] = static_cast<float>(drawn);
  }
  for (std::size_t j = 0; j < errors.size(); ++j) errors[j] -= biases_[days[j]];
}

void BayesianDays::AddToMeans(int slot) {
  for (std::size_t day = 0; day < means_.size(); ++day) {
    means_[day] = slot == 0 ? biases_[day] : means_[day] + (biases_[day] - means_[day]) / static_cast<float>(slot + 1);
  }
}

float BayesianDays::Last(Index user) const {
  return begin_[user] == begin_[user + 1] ? 0.0F : biases_[begin_[user + 1] - 1];
}

std::vector<float> BayesianDays::Means() const {
  TimesWriter writer(ratings_.TimeOrigin(), std::vector<std::uint32_t>{kDay});
  for (Index user = 0; user < ratings_.UserCount(); ++user) {
    writer.StartUser();
    for (auto day = begin_[user]; day < begin_[user + 1]; ++day) writer.AddBin(days_[day], means_[day]);
  }
  return writer.Take();
}

void BayesianDays::AddTo(std::vector<std::span<float>>& chain) {
  chain.emplace_back(biases_);
  chain.emplace_back(means_);
}

}  // namespace matfac
