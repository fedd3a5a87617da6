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

constexpr double kMost = std::numeric_limits<std::uint32_t>::max();

/// Reads packed numbers one after the other.
class Reader {
 public:
  explicit Reader(std::span<const float> numbers) : numbers_(numbers) {}

  bool AtEnd() const { return next_ == numbers_.size(); }
  float Number() {
    if (AtEnd()) Refuse("as long as its counts say", "shorter");
    return numbers_[next_++];
  }
  std::uint32_t Whole(std::uint32_t least = 0) {
    const float number = Number();
    const bool fits = number >= static_cast<float>(least) && number <= kLongestGap && number == std::floor(number);
    if (!fits) Refuse("whole numbers that are not negative where it counts", NumberText(number));
    return static_cast<std::uint32_t>(number);
  }
  /// A count of things of at least so many numbers each.
  std::size_t Count(std::size_t numbers) {
    const std::size_t count = Whole();
    if (count > (numbers_.size() - next_) / numbers) Refuse("as long as its counts say", "shorter");
    return count;
  }
  [[noreturn]] static void Refuse(std::string_view must, std::string_view is) {
    ThrowNotAllowed("userTimes", must, is);
  }

 private:
  std::span<const float> numbers_;
  std::size_t next_ = 0;
};

UserTimes::Bin ReadBin(Reader& from, std::uint32_t before) {
  const std::uint32_t number = before + from.Whole();
  if (number < before) Reader::Refuse("within 136 years", "longer");
  return {.number = number, .effect = from.Number()};
}

}  // namespace

UserTimes::UserTimes(std::span<const float> packed, Index users) : users_(users) {
  if (packed.empty()) return;
  Reader from(packed);
  origin_ = kSecondsPerDay * static_cast<double>(from.Number());
  const std::size_t count = from.Count(1);
  for (std::size_t s = 0; s < count; ++s) scales_.push_back({.width = from.Whole(1), .begin = {}, .bins = {}});
  for (Scale& scale : scales_) {
    for (Index user = 0; user < users; ++user) {
      scale.begin.push_back(scale.bins.size());
      std::uint32_t number = 0;
      for (std::size_t left = from.Count(2); left > 0; --left) {
        scale.bins.push_back(ReadBin(from, number));
        number = scale.bins.back().number;
      }
    }
    scale.begin.push_back(scale.bins.size());
  }
  if (!from.AtEnd()) Reader::Refuse("as long as its counts say", "longer");
}

UserTimes::UserTimes(const Model& model) : UserTimes(model.user_times, model.UserCount()) {}

double UserTimes::Shift(Index user, double seconds) const {
  double shift = -Last(user);
  const double since = seconds - origin_;
  for (const Scale& scale : scales_) {
    const double number = std::floor(since / scale.width);
    const std::span<const Bin> bins = scale.Of(user);
    const auto found = std::ranges::lower_bound(bins, number, {}, &Bin::number);
    if (found != bins.end() && found->number == number) shift += found->effect;
  }
  return shift;
}

double UserTimes::Last(Index user) const {
  double last = 0.0;
  for (const Scale& scale : scales_) {
    const std::span<const Bin> bins = scale.Of(user);
    if (!bins.empty()) last += bins.back().effect;
  }
  return last;
}

std::vector<float> UserTimes::Packed() const {
  if (std::ranges::all_of(scales_, [](const Scale& scale) { return scale.bins.empty(); })) return {};
  std::vector<float> packed{static_cast<float>(origin_ / kSecondsPerDay), static_cast<float>(scales_.size())};
  for (const Scale& scale : scales_) packed.push_back(static_cast<float>(scale.width));
  for (const Scale& scale : scales_) {
    for (Index user = 0; user < users_; ++user) {
      const std::size_t count = packed.size();
      packed.push_back(0.0F);
      const auto add = [&](std::uint32_t gap, float effect) {
        packed.insert(packed.end(), {static_cast<float>(gap), effect});
        packed[count] += 1.0F;
      };
      std::uint32_t before = 0;
      for (const Bin& bin : scale.Of(user)) {
        for (; bin.number - before > kLongestGap; before += kLongestGap) add(kLongestGap, 0.0F);
        add(bin.number - before, bin.effect);
        before = bin.number;
      }
    }
  }
  return packed;
}

void UserTimes::MoveOrigin(double origin) {
  for (Scale& scale : scales_) {
    const auto later = static_cast<std::uint32_t>(std::min((origin_ - origin) / scale.width, kMost));
    for (Bin& bin : scale.bins) bin.number += later;
  }
  origin_ = origin;
}

UserTimes::Scale& UserTimes::ScaleOf(std::uint32_t width) {
  const auto found = std::ranges::find(scales_, width, &Scale::width);
  if (found != scales_.end()) return *found;
  scales_.push_back({.width = width, .begin = std::vector<std::size_t>(users_ + 1), .bins = {}});
  return scales_.back();
}

void UserTimes::Append(const UserTimes& from, std::span<const Index> users) {
  UserTimes other = from;
  if (scales_.empty()) origin_ = other.origin_;
  const double origin = std::min(origin_, other.scales_.empty() ? origin_ : other.origin_);
  MoveOrigin(origin);
  other.MoveOrigin(origin);
  for (const Scale& scale : other.scales_) ScaleOf(scale.width);
  for (Scale& scale : scales_) {
    const auto found = std::ranges::find(other.scales_, scale.width, &Scale::width);
    for (const Index user : users) {
      if (found != other.scales_.end()) {
        const std::span<const Bin> bins = found->Of(user);
        scale.bins.insert(scale.bins.end(), bins.begin(), bins.end());
      }
      scale.begin.push_back(scale.bins.size());
    }
  }
  users_ += static_cast<Index>(users.size());
}

double PredictAt(const Model& model, const UserTimes& times, Index user, Index item, double seconds) {
  if (user == kUnknown) return model.Predict(user, item);
  model.CheckUser(user);
  return model.Predict(user, item, times.Shift(user, seconds));
}

}  // namespace matfac
