#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "data/ratings.h"
#include "model/options.h"
#include "model/user_times.h"

namespace matfac {

/// A bias for each day, UTC, on which a user rated: b_d ~ N(0, 1/λ) with λ ~ Gamma(1, rate scale² / 10) a priori, so
/// that with n days λ ~ Gamma(1 + ½ n, rate scale² / 10 + ½ Σ b_d²). Given all else, and e = r − r̂ + b_d of the day's
/// ratings with precisions α w,
///   b_d ~ N(α Σ w e / p, 1/p),  p = λ + α Σ w
class BayesianDays {
 public:
  /// Needs ratings with times. `scale` is that of a bias a priori.
  BayesianDays(const Ratings& ratings, const Options& options, double scale);

  void DrawPrior(int epoch);
  /// The bias of the day of a rating, by its number by user.
  float OfRating(Offset rating) const { return biases_[of_user_ratings_[rating]]; }
  /// Subtracts the days' biases from the targets of a user's, or of an item's, ratings.
  void SubtractUser(Index user, std::vector<float>& targets) const;
  void SubtractItem(Index item, std::vector<float>& targets) const;
  /// Draws the biases of a user's days given the errors e = r − r̂ of the ratings, and corrects these; `precision` is
  /// that of a rating of weight 1.
  void Draw(Index user, double precision, std::span<const float> weights, std::span<float> errors, Random& random);

  /// Updates the means over the samples with the present biases as sample `slot`.
  void AddToMeans(int slot);
  /// The bias of a user's last day; 0 for a user without ratings.
  float Last(Index user) const;
  /// The means by user and day, as a model has them.
  std::vector<float> Means() const;
  /// Appends all that the next sweep needs of this one.
  void AddTo(std::vector<std::span<float>>& chain);

 private:
  const Ratings& ratings_;
  std::uint64_t seed_;
  double scale_;
  double precision_ = 1.0;
  /// The days of each user one after the other, since Ratings::TimeOrigin(), and the first one of each user.
  std::vector<Index> begin_;
  std::vector<std::uint32_t> days_;
  std::vector<float> biases_;
  std::vector<float> means_;
  /// Of each rating, by user and by item.
  std::vector<Index> of_user_ratings_;
  std::vector<Index> of_item_ratings_;
};

}  // namespace matfac
