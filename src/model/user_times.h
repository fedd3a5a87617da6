#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "model/model.h"

namespace matfac {

/// What times add to the predictions of each user: effects of the user's own bins of time, at one or more scales, read
/// from and written to Model::user_times. An effect is in the unit of a rating, and a bin that the user has no ratings
/// in has none. Model::user_bias includes the effects at the user's last time, so that a model by itself is the model
/// at that time; another time shifts its scores.
class UserTimes {
 public:
  struct Bin {
    /// Whole widths since the origin.
    std::uint32_t number = 0;
    float effect = 0.0F;
  };
  /// The bins of all users at one scale: those of user n are bins[begin[n]] … bins[begin[n + 1] − 1], in ascending
  /// order.
  struct Scale {
    /// Seconds in a bin.
    std::uint32_t width = 1;
    std::vector<std::size_t> begin;
    std::vector<Bin> bins;

    std::span<const Bin> Of(Index user) const {
      return std::span(bins).subspan(begin[user], begin[user + 1] - begin[user]);
    }
  };

  /// `origin`: a midnight, UTC, in seconds since 1970.
  UserTimes(Index users, double origin, std::vector<Scale> scales)
      : users_(users), origin_(origin), scales_(std::move(scales)) {}
  /// Throws std::invalid_argument for numbers that do not fit.
  UserTimes(std::span<const float> packed, Index users);
  explicit UserTimes(const Model& model);

  /// What a time, in seconds since 1970, adds to Model::Score of the user. Needs a user of the model.
  double Shift(Index user, double seconds) const;
  /// The effects that Model::user_bias includes.
  double Last(Index user) const;

  /// The origin in days, the number of scales, their widths; then scale by scale for each user the number of bins, and
  /// for each bin how many widths it lies after the one before, or after the origin, and its effect. A distance that
  /// float32 does not hold is divided by bins without an effect. Empty where no scale has bins.
  std::vector<float> Packed() const;

  /// Adds these users of another model as the last ones, in their order.
  void Append(const UserTimes& from, std::span<const Index> users);

 private:
  /// Moves the origin to an earlier midnight.
  void MoveOrigin(double origin);
  Scale& ScaleOf(std::uint32_t width);

  Index users_;
  double origin_ = 0.0;
  std::vector<Scale> scales_;
};

/// Model::Predict at a time, in seconds since 1970. Throws as it does.
double PredictAt(const Model& model, const UserTimes& times, Index user, Index item, double seconds);

}  // namespace matfac
