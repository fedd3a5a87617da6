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
constexpr Offset kBlockRatings = 8'192;
/// Multiply-adds that a rating's probability and its derivatives cost, about.
constexpr std::int64_t kRatingCost = 64;
/// A probability below is beyond the numbers that a sum of logarithms can tell apart.
constexpr double kLeastProbability = 1e-200;

}  // namespace

BayesianCuts::BayesianCuts(const Ratings& ratings, const Options& options, double deviation)
    : seed_(options.training.seed), deviation_(deviation), levels_(LevelsOf(ratings)), begin_(levels_.size() + 1) {
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

bool BayesianCuts::Draw(int epoch, double level, const OrderedScores& given, Workers& workers, Budget& budget) {
  while (cut_ < cuts_.size()) {
    const double at = proposed_ ? *proposed_ : cuts_[cut_];
    if (!Evaluate(at, given, workers, budget)) return false;
    const Density density = WithPrior(at, level);
    if (proposed_) {
      Decide(epoch, density);
    } else {
      present_ = density;
      Propose(epoch);
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
  Density all{
      .log = -0.5 * (at - level) * (at - level) / variance, .slope = (level - at) / variance, .curvature = 1.0 / variance};
  for (const Density& part : sums_) {
    all.log += part.log;
    all.slope += part.slope;
    all.curvature += part.curvature;
  }
  // Rounding may turn the sum of many numbers near 0 negative.
  all.curvature = std::max(all.curvature, 1.0 / variance);
  return all;
}

void BayesianCuts::Propose(int epoch) {
  Random random(seed_, StreamOf(RandomUse::kBayesianCuts, epoch, static_cast<Index>(cut_)));
  const double mean = cuts_[cut_] + present_.slope / present_.curvature;
  const auto proposed = static_cast<float>(mean + random.Normal() / std::sqrt(present_.curvature));
  if (proposed > Below(cut_) && proposed < Above(cut_)) {
    proposed_ = proposed;
  } else {
    ++cut_;
  }
}

void BayesianCuts::Decide(int epoch, const Density& proposed) {
  // log q(to | from) but for a constant.
  const auto log_proposal = [](double from, const Density& density, double to) {
    const double distance = to - from - density.slope / density.curvature;
    return 0.5 * (Log(density.curvature) - density.curvature * distance * distance);
  };
  Random random(seed_, StreamOf(RandomUse::kBayesianCuts, epoch, static_cast<Index>(cut_)));
  random.Normal();
  const double ratio = proposed.log - present_.log + log_proposal(*proposed_, proposed, cuts_[cut_]) -
                       log_proposal(cuts_[cut_], present_, *proposed_);
  if (Log(random.Uniform()) < ratio) cuts_[cut_] = *proposed_;
  proposed_.reset();
  ++cut_;
}

}  // namespace matfac
