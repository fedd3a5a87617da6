#include "solvers/bayesian/bayesian_cuts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/normal.h"
#include "base/portable_math.h"
#include "base/random.h"
#include "base/random_streams.h"
#include "model/ordinal.h"

namespace matfac {
namespace {

constexpr double kPriorWidth = 3.0;
/// In standard deviations of the proposal. Farther away, the reverse of a step would be too unlikely to take it.
constexpr double kLongestDrift = 3.0;
constexpr Offset kBlockRatings = 8'192;
/// Multiply-adds that a rating's probability and its derivatives cost, about.
constexpr std::int64_t kRatingCost = 64;
/// A probability below is beyond the numbers that a sum of logarithms can tell apart.
constexpr double kLeastProbability = 1e-200;

}  // namespace

BayesianCuts::BayesianCuts(const Ratings& ratings, const Options& options, double deviation)
    : seed_(options.training.seed),
      deviation_(deviation),
      levels_(LevelsOf(ratings)),
      begin_(levels_.size() + 1),
      cuts_(levels_.size() - 1) {
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    for (const float value : ratings.ByUser().Row(user).values) ++begin_[LevelOf(value) + 1];
  }
  for (std::size_t level = 0; level < levels_.size(); ++level) begin_[level + 1] += begin_[level];
}

void BayesianCuts::Start(const Ratings& ratings, double level) {
  cuts_ = FirstCuts(ratings, levels_, level, deviation_);
}

std::size_t BayesianCuts::LevelOf(float rating) const {
  return std::ranges::lower_bound(levels_, rating) - levels_.begin();
}

double BayesianCuts::Below(std::size_t cut) const {
  return cut == 0 ? -std::numeric_limits<double>::infinity() : static_cast<double>(cuts_[cut - 1]);
}

double BayesianCuts::Above(std::size_t cut) const {
  return cut + 1 == cuts_.size() ? std::numeric_limits<double>::infinity() : static_cast<double>(cuts_[cut + 1]);
}

bool BayesianCuts::Draw(int epoch, bool settling, double level, const OrderedScores& given, Workers& workers,
                        Budget& budget) {
  while (cut_ < cuts_.size()) {
    const double at = proposed_ ? *proposed_ : cuts_[cut_];
    if (!Evaluate(at, given, workers, budget)) return false;
    const Density density = WithPrior(at, level);
    if (proposed_) {
      Decide(epoch, settling, *proposed_, density);
    } else {
      present_ = density;
      Propose(epoch, settling);
    }
  }
  cut_ = 0;
  return true;
}

bool BayesianCuts::Evaluate(double at, const OrderedScores& given, Workers& workers, Budget& budget) {
  const Offset begin = begin_[cut_];
  const Offset end = begin_[cut_ + 2];
  const auto blocks = static_cast<Index>((end - begin + kBlockRatings - 1) / kBlockRatings);
  sums_.resize(blocks);
  while (next_block_ < blocks) {
    const Index first = next_block_;
    next_block_ = std::min<Index>(blocks, first + 4 * workers.Count());
    workers.ForEachBlock(next_block_ - first, [&](Index block, int /*worker*/) {
      const Offset from = begin + (first + block) * kBlockRatings;
      sums_[first + block] = SumOf(at, given, from, std::min(end, from + kBlockRatings));
    });
    if (budget.Spend((next_block_ - first) * kBlockRatings * kRatingCost / workers.Count())) break;
  }
  if (next_block_ < blocks) return false;
  next_block_ = 0;
  return true;
}

BayesianCuts::Density BayesianCuts::SumOf(double at, const OrderedScores& given, Offset begin, Offset end) const {
  const double below = Below(cut_);
  const double above = Above(cut_);
  Density sum;
  double product = 1.0;
  for (Offset n = begin; n < end; ++n) {
    const bool is_below = n < begin_[cut_ + 1];
    const double score = given.scores[n];
    const double root = given.roots[n];
    const double x = (at - score) * root;
    const NormalPoint moved = NormalAt(x);
    const NormalPoint fixed = NormalAt(((is_below ? below : above) - score) * root);
    const double probability = std::max(is_below ? Between(fixed, moved) : Between(moved, fixed), kLeastProbability);
    // d/dx log P and −d²/dx² log P, with P = Φ(x) − … below the cut and … − Φ(x) above it.
    const double slope = (is_below ? moved.density : -moved.density) / probability;
    sum.slope += root * slope;
    sum.curvature += root * root * slope * (slope + x);
    product *= probability;
    if (product < 0x1p-300) {
      sum.log += Log(product);
      product = 1.0;
    }
  }
  sum.log += Log(product);
  return sum;
}

BayesianCuts::Density BayesianCuts::WithPrior(double at, double level) const {
  const double variance = kPriorWidth * kPriorWidth * deviation_ * deviation_;
  Density all{.log = -0.5 * (at - level) * (at - level) / variance,
              .slope = (level - at) / variance,
              .curvature = 1.0 / variance};
  for (const Density& part : sums_) {
    all.log += part.log;
    all.slope += part.slope;
    all.curvature += part.curvature;
  }
  // Rounding may turn the sum of many numbers near 0 negative.
  all.curvature = std::max(all.curvature, 1.0 / variance);
  return all;
}

double BayesianCuts::Drift(const Density& density) {
  const double width = 1.0 / std::sqrt(density.curvature);
  return std::clamp(density.slope / density.curvature, -kLongestDrift * width, kLongestDrift * width);
}

void BayesianCuts::Propose(int epoch, bool settling) {
  const auto propose = [&](double to) {
    const auto proposed = static_cast<float>(to);
    if (proposed > Below(cut_) && proposed < Above(cut_)) proposed_ = proposed;
    return proposed_.has_value();
  };
  if (settling) {
    const double step = present_.slope / present_.curvature;
    const double end = step < 0.0 ? Below(cut_) : Above(cut_);
    // Half of the way to the next cut point where the maximum seems to be beyond it.
    if (propose(cuts_[cut_] + step) || propose(0.5 * (cuts_[cut_] + end))) return;
  } else {
    Random random(seed_, StreamOf(RandomUse::kBayesianCuts, epoch, static_cast<Index>(cut_)));
    if (propose(cuts_[cut_] + Drift(present_) + random.Normal() / std::sqrt(present_.curvature))) return;
  }
  ++cut_;
}

void BayesianCuts::Decide(int epoch, bool settling, float to, const Density& proposed) {
  // log q(to | from) but for a constant.
  const auto log_proposal = [](double from, const Density& density, double end) {
    const double distance = end - from - Drift(density);
    return 0.5 * (Log(density.curvature) - density.curvature * distance * distance);
  };
  Random random(seed_, StreamOf(RandomUse::kBayesianCuts, epoch, static_cast<Index>(cut_)));
  random.Normal();
  const double ratio =
      proposed.log - present_.log + log_proposal(to, proposed, cuts_[cut_]) - log_proposal(cuts_[cut_], present_, to);
  const bool accepts = settling ? proposed.log > present_.log : Log(random.Uniform()) < ratio;
  if (accepts) cuts_[cut_] = to;
  proposed_.reset();
  ++cut_;
}

}  // namespace matfac
