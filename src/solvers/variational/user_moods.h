#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/budget.h"
#include "data/ratings.h"
#include "model/model.h"
#include "solvers/variational/user_noise.h"

namespace matfac {

/// The sum of the expected moods of each rating's bins, in the order of a side of the ratings; zeros without moods.
struct RatingMoods {
  std::span<const Index> bins;
  std::span<const float> effects;

  float Of(Offset rating) const { return bins.empty() ? 0.0F : effects[bins[rating]]; }
};

/// How a user rates in a sitting: random effects of the user's bins of time at several scales s at once, which nest,
///   r = r̂ + Σ_s x_s + noise,  x_s ~ N(0, v_s)
/// with the posterior of each bin, given what the n ratings of the bin leave to it, e = r − E r̂ − Σ of the others'
/// means, and the user's noise precision t:
///   S = v / (1 + v c),  m = S d,  c = n t,  d = t Σ e
/// v_s is learned with all posteriors of its scale at once: it lowers their share of the free energy,
///   ½ Σ_bins log(1 + v c) − v d² / (1 + v c)
/// by Fisher scoring (Searle, Casella and McCulloch 1992, "Variance Components", section 8.2), and is 0 for a scale of
/// no use.
class UserMoods {
 public:
  /// Seconds.
  static constexpr std::array<std::uint32_t, 3> kScales = {3600, 300, 30};

  /// Needs ratings with times.
  explicit UserMoods(const Ratings& ratings);
  UserMoods(const UserMoods&) = delete;
  UserMoods(UserMoods&&) = delete;
  UserMoods& operator=(const UserMoods&) = delete;
  UserMoods& operator=(UserMoods&&) = delete;
  ~UserMoods();

  RatingMoods ByUser() const { return {.bins = by_user_, .effects = effects_}; }
  RatingMoods ByItem() const { return {.bins = by_item_, .effects = effects_}; }

  /// Takes the user's r − E r̂ without moods, in the order of the row. May be called for several users at a time.
  void SetErrors(Index user, std::span<const float> errors);
  /// Continues to learn from complete errors; returns true when done.
  bool Learn(const UserNoise& noise, Budget& budget);
  /// After Learn: adds to Σ E(r − r̂)² of each user's ratings what moods change in it.
  void AddSquaredErrors(const UserNoise& noise, std::span<double> squared_errors) const;
  /// KL(q ‖ p) of all bins, after Learn with this noise.
  double FreeEnergy(const UserNoise& noise) const;

  /// Adds the moods at the users' last times to the biases and their variances, and writes Model::user_times; all in
  /// units of a rating, of which `deviation` is one here. The noise is that of Learn.
  void AddTo(const UserNoise& noise, float deviation, Model& model) const;
  /// Appends all that the next epoch needs of this one.
  void AddTo(std::vector<std::span<float>>& state);
  /// After that has been read back.
  void SumEffects();

  /// v of a scale, of standardized ratings.
  float Variance(std::size_t scale) const { return scales_[scale].variance; }

 private:
  /// A scale's bins, user by user and in order of time.
  struct Scale {
    /// That of each of the finest bins.
    std::vector<Index> bins;
    /// Of each bin: its number of ratings, its whole widths since the origin, and m.
    std::vector<float> counts;
    std::vector<Index> numbers;
    std::vector<float> means;
    /// v
    float variance = 0.0F;
  };

  void AddBins(const RatingsRow& row, std::span<Index> of_ratings);
  void LearnScale(Scale& scale, const UserNoise& noise);
  /// The first of the scale's bins of a user, and with the number of users their number.
  Index Begin(const Scale& scale, Index user) const;

  const Ratings& ratings_;
  /// Of the finest scale: those of user n are begin_[n] … begin_[n + 1] − 1.
  std::vector<Index> begin_;
  std::vector<Index> by_user_;
  std::vector<Index> by_item_;
  std::array<Scale, kScales.size()> scales_;
  /// Of each finest bin: Σ (r − E r̂), and the sum of the means of all scales.
  std::vector<float> errors_;
  std::vector<float> effects_;
  std::size_t steps_done_ = 0;
};

}  // namespace matfac
