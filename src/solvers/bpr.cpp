#include "solvers/bpr.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/kernels.h"
#include "base/random_streams.h"
#include "solvers/learning_rate.h"
#include "solvers/row_groups.h"
#include "solvers/vanishing.h"

namespace matfac {
namespace {

/// Floats in the rows of a group of users, 256 KiB.
constexpr int kGroupFloats = 65'536;
/// About the most ratings of a group of users. With no more in all, there is one group, and one tile.
constexpr Offset kGroupRatings = 131'072;
/// Rows of the penalty between two checks of the budget.
constexpr Index kChunk = 4'096;
/// About the multiply-adds of a thread between two checks of the budget.
constexpr std::int64_t kSliceWork = 1 << 24;

bool IsWhole(const Ratings& ratings) { return ratings.Size() <= kGroupRatings; }

/// The ratings at which a group is full: batches of groups are about equal work.
Offset GroupShare(const Ratings& ratings) {
  if (IsWhole(ratings)) return ratings.Size();
  constexpr Offset kBatchRatings = kBprTilesPerRound * kGroupRatings;
  const Offset groups = kBprTilesPerRound * ((ratings.Size() + kBatchRatings - 1) / kBatchRatings);
  return (ratings.Size() + groups - 1) / groups;
}

/// ‖x − m‖²; of null m is 0.
double SquaredDistance(const float* x, const float* mean, int stride) {
  if (mean == nullptr) return kernels::Dot(x, x, stride);
  return kernels::DotDifference(x, x, mean, stride) - kernels::DotDifference(mean, x, mean, stride);
}

std::vector<double> ItemVisits(const Ratings& ratings) {
  std::vector<double> visits(ratings.ItemCount());
  double everywhere = 0.0;
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    if (!IsSampled(ratings, user)) continue;
    const RatingsRow row = ratings.ByUser().Row(user);
    const auto count = static_cast<double>(row.others.size());
    const double each_unrated = count / (ratings.ItemCount() - count);
    everywhere += each_unrated;
    for (const Index item : row.others) visits[item] += 1.0 - each_unrated;
  }
  for (double& number : visits) number += everywhere;
  return visits;
}

}  // namespace

Bpr::Bpr(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      user_ends_(GroupEnds(ratings.ByUser(), std::max(1, kGroupFloats / StrideOf(options.model.factors)),
                           GroupShare(ratings))),
      item_visits_(ItemVisits(ratings)),
      user_prior_(features.users, options.model),
      item_prior_(features.items, options.model),
      order_(user_ends_.size()),
      is_rated_(workers.Count(), std::vector<std::uint8_t>(ratings.ItemCount())) {}

bool Bpr::Work(int epoch, Model& model, Budget& budget) {
  if (next_group_ == 0 && steps_.empty()) {
    StartEpoch(epoch);
    LearnPriors(epoch, model);
  }
  const auto rate = static_cast<float>(LearningRate(options_.training, epoch));
  const BprRows rows = RowsOf(model);
  while (next_group_ < order_.size()) {
    if (steps_.empty()) StartBatch(epoch);
    const std::int64_t cost = std::int64_t{5} * (model.Stride() + 16);
    std::int64_t done = 0;
    while (next_step_ < steps_.size() && done < kSliceWork * workers_.Count()) {
      done += cost * Take(steps_[next_step_++], rows, rate);
    }
    if (next_step_ == steps_.size()) {
      steps_.clear();
      next_step_ = 0;
      next_group_ += tiles_.size();
    }
    if (budget.Spend(done / workers_.Count())) return false;
  }
  if (!AddPenalty(model, budget)) return false;
  ZeroVanishing(model.user_factors);
  ZeroVanishing(model.item_factors);
  next_group_ = 0;
  return true;
}

void Bpr::StartEpoch(int epoch) {
  std::iota(order_.begin(), order_.end(), 0U);
  Random(options_.training.seed, StreamOf(RandomUse::kBprBlockOrder, epoch, 0)).Shuffle(std::span(order_));
  losses_.assign(kBprTilesPerRound, {});
  squares_ = 0.0;
}

void Bpr::LearnPriors(int epoch, Model& model) {
  const auto learn = [&](FeaturePrior& prior, const FactorMatrix& factors, const std::vector<float>& bias,
                         FactorMatrix& weights, int side) {
    if (!prior.IsDue(epoch)) return;
    const std::span<float> ridges = FeaturePrior::RidgesIn(model, side);
    if (!prior.HasStarted()) prior.Start({}, factors, bias, weights, ridges);
    prior.Improve(factors, bias);
    prior.Write(weights, ridges);
  };
  learn(user_prior_, model.user_factors, {}, model.user_feature_weights, 0);
  learn(item_prior_, model.item_factors, model.item_bias, model.item_feature_weights, 1);
}

BprRows Bpr::RowsOf(Model& model) const {
  return {.users = model.user_factors.data(),
          .items = model.item_factors.data(),
          .biases = model.item_bias.empty() ? nullptr : model.item_bias.data(),
          .stride = model.Stride(),
          .user_means = user_prior_.Mean(0),
          .item_means = item_prior_.Mean(0)};
}

void Bpr::StartBatch(int epoch) {
  tiles_.resize(std::min<std::size_t>(kBprTilesPerRound, order_.size() - next_group_));
  workers_.ForEachBlock(static_cast<Index>(tiles_.size()), [&](Index slot, int worker) {
    const std::uint32_t group = order_[next_group_ + slot];
    tiles_[slot].Draw(ratings_, group == 0 ? 0 : user_ends_[group - 1], user_ends_[group], IsWhole(ratings_),
                      Random(options_.training.seed, StreamOf(RandomUse::kBprBlock, epoch, static_cast<Index>(group))),
                      is_rated_[worker]);
  });
  for (std::uint8_t round = 0; round < kBprRounds; ++round) {
    for (std::uint8_t shift = 0; shift < kBprTilesPerRound; ++shift) steps_.push_back({round, shift});
  }
  Random(options_.training.seed, StreamOf(RandomUse::kBprSteps, epoch, static_cast<Index>(next_group_)))
      .Shuffle(std::span(steps_));
}

std::int64_t Bpr::Take(const Step& step, const BprRows& rows, float rate) {
  const float keep = 1.0F - rate * static_cast<float>(options_.model.regularization);
  const auto tile = [&](Index slot) {
    return tiles_[slot].Tile(step.round, static_cast<int>(slot + step.shift) % kBprTilesPerRound);
  };
  const auto slots = static_cast<Index>(tiles_.size());
  workers_.ForEachBlock(slots,
                        [&](Index slot, int /*worker*/) { VisitSamples(tile(slot), rows, rate, keep, losses_[slot]); });
  std::int64_t samples = 0;
  for (Index slot = 0; slot < slots; ++slot) samples += std::ssize(tile(slot));
  return samples;
}

bool Bpr::AddPenalty(const Model& model, Budget& budget) {
  if (options_.model.regularization == 0.0) return true;
  const Index rows = model.UserCount() + model.ItemCount();
  const int stride = model.Stride();
  while (next_row_ < rows) {
    const Index end = std::min(rows, next_row_ + kChunk);
    const Index first = next_row_;
    for (; next_row_ < end; ++next_row_) {
      const Index item = next_row_ - model.UserCount();
      if (item < 0) {
        const float* u = RowOf(model.user_factors, next_row_);
        if (IsSampled(ratings_, next_row_)) {
          squares_ += static_cast<double>(ratings_.ByUser().Count(next_row_)) *
                      SquaredDistance(u, user_prior_.Mean(next_row_), stride);
        }
      } else {
        const float* v = RowOf(model.item_factors, item);
        const double bias = model.ItemBias(item) - (model.item_bias.empty() ? 0.0F : item_prior_.BiasMean(item));
        squares_ += item_visits_[item] * (SquaredDistance(v, item_prior_.Mean(item), stride) + bias * bias);
      }
    }
    if (budget.Spend(std::int64_t{end - first} * stride)) break;
  }
  if (next_row_ < rows) return false;
  next_row_ = 0;
  return true;
}

std::optional<Measured> Bpr::Measure() const {
  double loss = 0.5 * options_.model.regularization * squares_;
  for (const BprLoss& slot : losses_) loss += slot.Sum();
  return Measured{.loss = loss, .train_rmse = std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace matfac
