#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/budget.h"
#include "base/parallel.h"
#include "data/ratings.h"
#include "model/options.h"

namespace matfac {

/// r̂ of the ratings in the order of levels, and 1 / the standard deviation of each latent value about it.
struct OrderedScores {
  std::span<const float> scores;
  std::span<const float> roots;
};

/// The cut points of ordered ratings, a priori the order statistics of independent N(w_0, (3 σ)²). Each is drawn given
/// the scores and the other cut points with the latent values integrated out, as in Cowles 1996 ("Accelerating Monte
/// Carlo Markov chain convergence for cumulative-link generalized linear models"): given those too it could hardly
/// move. Its density is log-concave,
///   log f(c) = −½ (c − w_0)² / (3 σ)² + Σ log P of the ratings of the two levels that it parts,
/// and a step of Metropolis and Hastings proposes N(c + g/h, 1/h) with g and −h the first two derivatives of log f at
/// c, which for many ratings is close to f itself. (Cowles moves all at once, by steps of a fixed length.)
class BayesianCuts {
 public:
  BayesianCuts(const Ratings& ratings, const Options& options, double deviation);

  /// Starts from the ratings' shares, about the constant term of every score.
  void Start(const Ratings& ratings, double level);
  /// The level of one of the ratings, from 0.
  std::size_t LevelOf(float rating) const;
  /// Where the ratings of each level start in the order of levels; ends with the number of ratings.
  const std::vector<Offset>& Begin() const { return begin_; }

  /// Continues the draw of all cut points given the scores in the order of levels; returns true when it is complete.
  /// While `settling` they are moved towards the maximum of f in place of drawn: at the start of a chain they may be
  /// hundreds of standard deviations away from it.
  bool Draw(int epoch, bool settling, double level, const OrderedScores& given, Workers& workers, Budget& budget);

  const std::vector<float>& Levels() const { return levels_; }
  std::vector<float>& Cuts() { return cuts_; }
  const std::vector<float>& Cuts() const { return cuts_; }

 private:
  /// log f, its first derivative and minus its second.
  struct Density {
    double log = 0.0;
    double slope = 0.0;
    double curvature = 0.0;
  };

  /// Continues the sums for the present cut at `at`; returns true when they are complete.
  bool Evaluate(double at, const OrderedScores& given, Workers& workers, Budget& budget);
  Density SumOf(double at, const OrderedScores& given, Offset begin, Offset end) const;
  Density WithPrior(double at, double level) const;
  /// g/h, within a few standard deviations of the proposal.
  static double Drift(const Density& density);
  void Propose(int epoch, bool settling);
  void Decide(int epoch, bool settling, float to, const Density& proposed);
  double Below(std::size_t cut) const;
  double Above(std::size_t cut) const;

  std::uint64_t seed_;
  double deviation_;
  std::vector<float> levels_;
  std::vector<Offset> begin_;
  std::vector<float> cuts_;
  std::size_t cut_ = 0;
  std::optional<float> proposed_;
  Density present_;
  std::vector<Density> sums_;
  Index next_block_ = 0;
};

}  // namespace matfac
