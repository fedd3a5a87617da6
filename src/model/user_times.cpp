#include "model/user_times.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "model/option_table.h"

namespace matfac {
namespace {

/// float32 holds every whole number up to it.
constexpr std::uint32_t kLongestGap = 1U << 24U;
constexpr std::size_t kWidths = 2;

[[noreturn]] void Refuse(std::string_view must, std::string_view is) { ThrowNotAllowed("userTimes", must, is); }

/// A whole number from `least` on.
Offset WholeAt(const std::vector<float>& packed, std::size_t place, float least) {
  if (place >= packed.size()) Refuse("as long as its counts say", "shorter");
  const float number = packed[place];
  const bool fits = number >= least && number <= static_cast<float>(kLongestGap) && number == std::floor(number);
  if (!fits) Refuse("whole numbers that are not negative where it counts", NumberText(number));
  return static_cast<Offset>(number);
}

}  // namespace

UserTimes::UserTimes(const std::vector<float>& packed, Index users) : users_(users), packed_(packed) {
  if (packed.empty()) return;
  const auto scales = static_cast<std::size_t>(WholeAt(packed, 1, 0.0F));
  std::size_t next = kWidths;
  for (; next < kWidths + scales; ++next) WholeAt(packed, next, 1.0F);
  for (std::size_t s = 0; s < scales; ++s) {
    for (Index user = 0; user < users; ++user) {
      starts_.push_back(static_cast<Offset>(next));
      Offset bins = WholeAt(packed, next, 0.0F);
      for (++next; bins > 0; --bins, next += 2) WholeAt(packed, next, 0.0F);
    }
  }
  if (next != packed.size()) Refuse("as long as its counts say", next > packed.size() ? "shorter" : "longer");
}

double UserTimes::Sum(Index user, double seconds) const {
  if (packed_.empty()) return 0.0;
  const double since = seconds - kSecondsPerDay * static_cast<double>(packed_[0]);
  double sum = 0.0;
  for (std::size_t row = user, width = kWidths; row < starts_.size(); row += users_, ++width) {
    const double asked = std::floor(since / packed_[width]);
    const float* bin = packed_.data() + starts_[row] + 1;
    double number = 0.0;
    for (auto left = static_cast<Offset>(bin[-1]); left > 0; --left, bin += 2) {
      number += bin[0];
      if (number == asked || (std::isnan(seconds) && left == 1)) sum += bin[1];
    }
  }
  return sum;
}

std::vector<float> UserTimes::With(const UserTimes& from, std::span<const Index> users) const {
  const UserTimes& shape = packed_.empty() ? from : *this;
  if (shape.packed_.empty()) return {};
  const float day = from.packed_.empty() ? packed_[0] : std::min(from.packed_[0], shape.packed_[0]);
  std::vector<std::uint32_t> widths(static_cast<std::size_t>(shape.packed_[1]));
  for (std::size_t s = 0; s < widths.size(); ++s) {
    widths[s] = static_cast<std::uint32_t>(shape.packed_[kWidths + s]);
  }
  TimesWriter writer(kSecondsPerDay * day, widths);
  const auto copy = [&](const UserTimes& times, std::size_t scale, Index user) {
    writer.StartUser();
    const auto width = static_cast<float>(widths[scale]);
    if (times.packed_.empty() || static_cast<std::size_t>(times.packed_[1]) <= scale) return;
    if (times.packed_[kWidths + scale] != width) return;
    const float* bin = times.packed_.data() + times.starts_[scale * times.users_ + user] + 1;
    double number = std::floor(kSecondsPerDay * (times.packed_[0] - day) / width);
    for (auto left = static_cast<Offset>(bin[-1]); left > 0; --left, bin += 2) {
      number = std::min<double>(number + bin[0], std::numeric_limits<std::uint32_t>::max());
      writer.AddBin(static_cast<std::uint32_t>(number), bin[1]);
    }
  };
  for (std::size_t s = 0; s < widths.size(); ++s) {
    for (Index user = 0; user < users_; ++user) copy(*this, s, user);
    for (const Index user : users) copy(from, s, user);
  }
  return writer.Take();
}

TimesWriter::TimesWriter(double origin, std::span<const std::uint32_t> widths) {
  packed_.push_back(static_cast<float>(origin / kSecondsPerDay));
  packed_.push_back(static_cast<float>(widths.size()));
  for (const std::uint32_t width : widths) packed_.push_back(static_cast<float>(width));
}

void TimesWriter::StartUser() {
  count_ = packed_.size();
  before_ = 0;
  packed_.push_back(0.0F);
}

void TimesWriter::AddBin(std::uint32_t number, float effect) {
  const auto add = [this](std::uint32_t gap, float its_effect) {
    packed_.push_back(static_cast<float>(gap));
    packed_.push_back(its_effect);
    packed_[count_] += 1.0F;
    before_ += gap;
  };
  while (number - before_ > kLongestGap) add(kLongestGap, 0.0F);
  add(number - before_, effect);
  has_bins_ = true;
}

double ShiftAt(const Model& model, const UserTimes& times, Index user, double seconds) {
  if (user == kUnknown || std::isnan(seconds)) return 0.0;
  model.CheckUser(user);
  return times.Shift(user, seconds);
}

double PredictAt(const Model& model, const UserTimes& times, Index user, Index item, double seconds) {
  return model.Predict(user, item, ShiftAt(model, times, user, seconds));
}

}  // namespace matfac
