#include "solvers/bpr.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/kernels.h"
#include "base/portable_math.h"
#include "base/random_streams.h"
#include "solvers/learning_rate.h"

namespace matfac {
namespace {

/// Floats in a block's user rows, 256 KiB, and the ratings at which a block is full.
constexpr int kBlockFloats = 65'536;
constexpr Offset kBlockPairs = 131'072;
/// Pairs, or rows of the penalty, between two checks of the budget.
constexpr std::size_t kChunk = 4'096;

}  // namespace

float Bpr::Likelihood::Add(float difference) {
  constexpr double kFar = -100.0;
  constexpr double kLeastProduct = 1e-200;
  const double odds = ExpForFloat(-difference);  // of the wrong order of i and j
  const double probability = 1.0 / (1.0 + odds);
  if (difference > kFar) {
    product_ *= probability;
  } else {
    sum_ -= difference;  // −ln σ(d) ≈ −d there; NaN takes this branch too
  }
  if (product_ < kLeastProduct) {
    sum_ -= Log(product_);
    product_ = 1.0;
  }
  return static_cast<float>(odds * probability);
}

double Bpr::Likelihood::Sum() const { return sum_ - Log(product_); }

Bpr::Bpr(const Ratings& ratings, const Options& options)
    : ratings_(ratings), options_(options), item_visits_(ratings.ItemCount()), random_(options.training.seed) {
  const Index most_users = std::max(1, kBlockFloats / StrideOf(options.model.factors));
  double everywhere = 0.0;
  Index begin = 0;
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    const RatingsRow row = ratings.ByUser().Row(user);
    if (IsSampled(user)) {
      const auto count = static_cast<double>(row.others.size());
      const double each_unrated = count / (ratings.ItemCount() - count);
      everywhere += each_unrated;
      for (const Index item : row.others) item_visits_[item] += 1.0 - each_unrated;
    }
    const Offset pairs = ratings.ByUser().Begin(user + 1) - ratings.ByUser().Begin(begin);
    if (user + 1 - begin < most_users && pairs < kBlockPairs && user + 1 < ratings.UserCount()) continue;
    block_ends_.push_back(begin = user + 1);
  }
  for (double& visits : item_visits_) visits += everywhere;
  order_.resize(block_ends_.size());
}

bool Bpr::Work(int epoch, Model& model, Budget& budget) {
  if (next_block_ == 0 && pairs_.empty()) StartEpoch(epoch);
  const auto rate = static_cast<float>(LearningRate(options_.training, epoch));
  while (next_block_ < order_.size()) {
    if (pairs_.empty()) StartBlock(epoch);
    const std::size_t count = std::min(kChunk, pairs_.size() - next_pair_);
    Visit(std::span(pairs_).subspan(next_pair_, count), model, rate);
    next_pair_ += count;
    if (next_pair_ == pairs_.size()) {
      pairs_.clear();
      next_pair_ = 0;
      ++next_block_;
    }
    if (budget.Spend(std::int64_t{5} * static_cast<std::int64_t>(count) * (model.Stride() + 16))) return false;
  }
  if (!AddPenalty(model, budget)) return false;
  next_block_ = 0;
  return true;
}

void Bpr::StartEpoch(int epoch) {
  std::iota(order_.begin(), order_.end(), 0U);
  Random(options_.training.seed, StreamOf(RandomUse::kBprBlockOrder, epoch, 0)).Shuffle(std::span(order_));
  likelihood_ = {};
  squares_ = 0.0;
}

void Bpr::StartBlock(int epoch) {
  const std::uint32_t block = order_[next_block_];
  for (Index user = block == 0 ? 0 : block_ends_[block - 1]; user < block_ends_[block]; ++user) {
    if (!IsSampled(user)) continue;
    for (const Index item : ratings_.ByUser().Row(user).others) pairs_.push_back({.user = user, .item = item});
  }
  random_ = Random(options_.training.seed, StreamOf(RandomUse::kBprBlock, epoch, static_cast<Index>(block)));
  random_.Shuffle(std::span(pairs_));
}

void Bpr::Visit(std::span<const Pair> pairs, Model& model, float rate) {
  const auto regularization = static_cast<float>(options_.model.regularization);
  for (const Pair& pair : pairs) {
    const Index other = DrawUnrated(ratings_.ByUser().Row(pair.user).others);
    const float g = likelihood_.Add(Difference(model, pair.user, pair.item, other));
    Step(model, pair.user, pair.item, other, g, rate, regularization);
  }
}

/// The unrated items lie between the rated ones: rated[p] − p of them come before rated[p].
Index Bpr::DrawUnrated(std::span<const Index> rated) {
  const auto unrated = static_cast<std::uint32_t>(ratings_.ItemCount()) - static_cast<std::uint32_t>(rated.size());
  const auto drawn = static_cast<Index>(random_.Below(unrated));
  std::size_t below = 0;
  for (std::size_t left = rated.size(); left > 0;) {  // compiles without a branch, which would be unpredictable
    const std::size_t half = left / 2;
    const bool before = rated[below + half] - static_cast<Index>(below + half) <= drawn;
    below += before ? half + 1 : 0;
    left = before ? left - half - 1 : half;
  }
  return drawn + static_cast<Index>(below);
}

float Bpr::Difference(const Model& model, Index user, Index rated, Index other) {
  const float* u = RowOf(model.user_factors, user);
  const int stride = model.Stride();
  return (model.ItemBias(rated) - model.ItemBias(other)) + (kernels::Dot(u, RowOf(model.item_factors, rated), stride) -
                                                            kernels::Dot(u, RowOf(model.item_factors, other), stride));
}

void Bpr::Step(Model& model, Index user, Index rated, Index other, float g, float rate, float regularization) {
  const float keep = 1.0F - rate * regularization;
  const float step = rate * g;
  float* u = RowOf(model.user_factors, user);
  float* v = RowOf(model.item_factors, rated);
  float* w = RowOf(model.item_factors, other);
  for (int i = 0; i < model.Stride(); i += kernels::kWidth) {
    const kernels::Float4 old_u = kernels::Load(u + i);
    const kernels::Float4 old_v = kernels::Load(v + i);
    const kernels::Float4 old_w = kernels::Load(w + i);
    const kernels::Float4 along_u = kernels::Splat(step) * old_u;
    kernels::Store(u + i, kernels::Splat(keep) * old_u + kernels::Splat(step) * (old_v - old_w));
    kernels::Store(v + i, kernels::Splat(keep) * old_v + along_u);
    kernels::Store(w + i, kernels::Splat(keep) * old_w - along_u);
  }
  if (model.item_bias.empty()) return;
  model.item_bias[rated] = keep * model.item_bias[rated] + step;
  model.item_bias[other] = keep * model.item_bias[other] - step;
}

bool Bpr::AddPenalty(const Model& model, Budget& budget) {
  if (options_.model.regularization == 0.0) return true;
  const Index rows = model.UserCount() + model.ItemCount();
  const int stride = model.Stride();
  while (next_row_ < rows) {
    const Index end = std::min(rows, next_row_ + static_cast<Index>(kChunk));
    const Index first = next_row_;
    for (; next_row_ < end; ++next_row_) {
      const Index item = next_row_ - model.UserCount();
      if (item < 0) {
        const float* u = RowOf(model.user_factors, next_row_);
        if (IsSampled(next_row_))
          squares_ += static_cast<double>(ratings_.ByUser().Count(next_row_)) * kernels::Dot(u, u, stride);
      } else {
        const float* v = RowOf(model.item_factors, item);
        const double bias = model.ItemBias(item);
        squares_ += item_visits_[item] * (kernels::Dot(v, v, stride) + bias * bias);
      }
    }
    if (budget.Spend(std::int64_t{end - first} * stride)) break;
  }
  if (next_row_ < rows) return false;
  next_row_ = 0;
  return true;
}

std::optional<Measured> Bpr::Measure() const {
  return Measured{.loss = likelihood_.Sum() + 0.5 * options_.model.regularization * squares_,
                  .train_rmse = std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace matfac
