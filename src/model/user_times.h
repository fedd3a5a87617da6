#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "model/model.h"

namespace matfac {

/// What times add to the predictions of each user: effects of the user's own bins of time, at one or more scales, read
/// from Model::user_times. An effect is in the unit of a rating, and a bin that the user has no ratings in has none.
/// Model::user_bias includes the effects at the user's last time, so that a model by itself is the model at that time;
/// another time shifts its scores.
///
/// The packed numbers are the origin, a midnight, UTC, in days since 1970, the number of scales and their widths in
/// seconds; then scale by scale for each user the number of bins, and for each bin in order of time how many widths it
/// starts after the one before, or after the origin, and its effect.
class UserTimes {
 public:
  UserTimes() = default;
  /// Throws std::invalid_argument for numbers that do not fit.
  UserTimes(const std::vector<float>& packed, Index users);
  explicit UserTimes(const Model& model) : UserTimes(model.user_times, model.UserCount()) {}

  /// What a time, in seconds since 1970, adds to Model::Score of the user. Needs a user of the model.
  double Shift(Index user, double seconds) const { return Sum(user, seconds) - Last(user); }
  /// The effects that Model::user_bias includes.
  double Last(Index user) const { return Sum(user, std::numeric_limits<double>::quiet_NaN()); }

  /// The packed numbers with these users of another model as further ones, in their order. Those of other scales have
  /// no bins.
  std::vector<float> With(const UserTimes& from, std::span<const Index> users) const;

 private:
  /// The effects of the bins that a time is in; NaN stands for the user's last time.
  double Sum(Index user, double seconds) const;

  Index users_ = 0;
  std::vector<float> packed_;
  /// Where the bins of each user start, scale by scale: at the count.
  std::vector<Offset> starts_;
};

/// Writes packed numbers: the scales in order, and in each the users with their bins.
class TimesWriter {
 public:
  TimesWriter(double origin, std::span<const std::uint32_t> widths);

  void StartUser();
  /// A distance that float32 does not hold is divided by bins without an effect.
  void AddBin(std::uint32_t number, float effect);
  /// Empty where no user has bins.
  std::vector<float> Take() { return has_bins_ ? std::move(packed_) : std::vector<float>(); }

 private:
  std::vector<float> packed_;
  std::size_t count_ = 0;
  std::uint32_t before_ = 0;
  bool has_bins_ = false;
};

/// What a time, or NaN for the last one of the user, adds to a score; 0 for kUnknown. Throws std::invalid_argument for
/// any other user outside the model.
double ShiftAt(const Model& model, const UserTimes& times, Index user, double seconds);

/// Model::Predict at a time, in seconds since 1970, or for NaN at the last time of the user. Throws as it does.
double PredictAt(const Model& model, const UserTimes& times, Index user, Index item, double seconds);

}  // namespace matfac
