#include "solvers/svdpp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "base/kernels.h"
#include "base/random_streams.h"
#include "solvers/learning_rate.h"
#include "solvers/row_groups.h"
#include "solvers/vanishing.h"

namespace matfac {
namespace {

using kernels::Float4;
using kernels::kWidth;

/// η_y / η
constexpr double kImplicitShare = 0.1;
/// Of items, as many as of users in a block: enough for the threads to share.
constexpr Offset kGroups = 8;
/// An epoch has about as many blocks of users, or more of the most users.
constexpr std::size_t kFewestBlocks = 64;
constexpr std::size_t kMostUsers = 128;

/// Sums of scattered rows take about four times as long as multiply-adds in the cache.
auto RowCost(int stride) {
  return [stride](Offset count) { return 4 * (static_cast<std::int64_t>(count) + 1) * stride; };
}

/// The row p of a user.
float* OwnRow(Model& model, Index user) {
  return model.state.data() + static_cast<std::ptrdiff_t>(user) * model.Stride();
}

/// What a rating changes, stride numbers each.
struct Rows {
  float* z;
  float* q;
  const float* pull;
  float* gradient;
};

struct Step4 {
  Float4 step;
  Float4 keep;
  Float4 error;
};

/// z ← keep · z + step · q + pull, q ← keep · q + step · z and gradient ← gradient + error · q, all from the old z and
/// q. With pull = (1 − keep) · s that is p ← keep · p + step · q for z = p + s. Returns the new z.
Float4 UpdateVectors(const Rows& rows, int j, const Step4& by) {
  const Float4 old_z = kernels::Load(rows.z + j);
  const Float4 old_q = kernels::Load(rows.q + j);
  const Float4 z = (by.keep * old_z + by.step * old_q) + kernels::Load(rows.pull + j);
  kernels::Store(rows.z + j, z);
  kernels::Store(rows.q + j, by.keep * old_q + by.step * old_z);
  kernels::Store(rows.gradient + j, kernels::Load(rows.gradient + j) + by.error * old_q);
  return z;
}

/// The same for all, and z·next with the new z, in one loop. Needs another row as `next`.
float UpdateRowsAndDot(const Rows& rows, const Step4& by, const float* next, int stride) {
  Float4 even{};
  Float4 odd{};
  int j = 0;
  for (; j + 2 * kWidth <= stride; j += 2 * kWidth) {
    even += UpdateVectors(rows, j, by) * kernels::Load(next + j);
    odd += UpdateVectors(rows, j + kWidth, by) * kernels::Load(next + j + kWidth);
  }
  if (j < stride) even += UpdateVectors(rows, j, by) * kernels::Load(next + j);
  return kernels::Sum(even + odd);
}

}  // namespace

Svdpp::Svdpp(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      random_(options.training.seed, StreamOf(RandomUse::kSvdppUserOrder)),
      user_blocks_(ratings.ByUser(), RowCost(StrideOf(options.model.factors))),
      item_ends_(GroupEnds(ratings.ByItem(), ratings.ItemCount(), (ratings.Size() + kGroups - 1) / kGroups)),
      order_(ratings.UserCount()) {
  std::iota(order_.begin(), order_.end(), 0);
  for (int epoch = 0; epoch < options.training.epochs_done; ++epoch) random_.Shuffle(std::span(order_));
}

bool Svdpp::Work(int epoch, Model& model, Budget& budget) {
  if (phase_ == Phase::kStart) {
    const std::span<const float> joined(model.user_factors.data(), model.user_factors.size());
    phase_ = model.state.size() == joined.size() ? Phase::kVisit : Phase::kSplit;
    if (phase_ == Phase::kSplit) model.state.assign(joined.begin(), joined.end());
  }
  if (phase_ == Phase::kSplit) {
    if (!Split(model, budget)) return false;
    phase_ = Phase::kVisit;
  }
  if (phase_ == Phase::kVisit) {
    if (!VisitUsers(epoch, model, budget)) return false;
    ZeroVanishing(std::span(model.state));
    ZeroVanishing(model.item_factors);
    ZeroVanishing(model.item_implicit);
    phase_ = Phase::kJoin;
  }
  if (!Join(model, budget)) return false;
  phase_ = Phase::kVisit;
  return true;
}

bool Svdpp::Split(Model& model, Budget& budget) {
  return user_blocks_.ForEachRow(workers_, budget, [&](Index user, int /*worker*/) {
    AddImplicitPart(model, ratings_.ByUser().Row(user).others, -1.0F, OwnRow(model, user));
  });
}

bool Svdpp::Join(Model& model, Budget& budget) {
  return user_blocks_.ForEachRow(workers_, budget, [&](Index user, int /*worker*/) {
    float* row = RowOf(model.user_factors, user);
    std::copy_n(OwnRow(model, user), model.Stride(), row);
    AddImplicitPart(model, ratings_.ByUser().Row(user).others, 1.0F, row);
  });
}

bool Svdpp::VisitUsers(int epoch, Model& model, Budget& budget) {
  if (next_user_ == 0) random_.Shuffle(std::span(order_));
  // Of standardized ratings: the step of a factor √σ x̃ from an error σ ẽ is √σ times as long with the rate η / σ.
  const double rate = LearningRate(options_.training, epoch) / model.scale;
  const auto bias_rate = static_cast<float>(BiasLearningRate(options_.training, epoch));
  const Steps steps{.factors = static_cast<float>(rate),
                    .implicit = static_cast<float>(kImplicitShare * rate),
                    .lambda = static_cast<float>(model.scale * options_.model.regularization),
                    .bias = bias_rate,
                    .bias_keep = 1.0F - bias_rate * static_cast<float>(options_.model.BiasRegularization())};
  while (true) {
    const std::int64_t work = Advance();
    Step(model, steps);
    if (blocks_[0].users.empty() && blocks_[1].users.empty()) break;
    if (budget.Spend(work / workers_.Count())) return false;
  }
  next_user_ = 0;
  return true;
}

std::int64_t Svdpp::Advance() {
  std::ranges::rotate(blocks_, blocks_.end() - 1);
  const std::size_t most = std::clamp<std::size_t>(order_.size() / kFewestBlocks, 1, kMostUsers);
  const std::size_t count = std::min(most, order_.size() - next_user_);
  const int stride = StrideOf(options_.model.factors);
  Block& block = blocks_[0];
  block.users = std::span(order_).subspan(next_user_, count);
  block.rows.resize(count * UserRows::kCount * stride);
  block.bounds.resize(count * (Groups() + 1));
  next_user_ += count;
  std::int64_t ratings = 0;
  for (const Index user : block.users) ratings += ratings_.ByUser().Count(user);
  return 6 * ratings * stride;
}

void Svdpp::Step(Model& model, const Steps& steps) {
  const Index groups = Groups();
  const Index tiles_end = groups + groups * groups;
  const auto after = [&](Index task) {
    if (task >= tiles_end) return groups;
    // The tile of the same items is a round less one before it.
    return task >= 2 * groups ? task - groups + 2 : 0;
  };
  workers_.ForEachBlockInOrder(tiles_end + groups, after, [&](Index task, int /*worker*/) {
    if (task < groups) {
      StepImplicit(task, model, steps);
    } else if (task < tiles_end) {
      VisitTile(task / groups - 1, task % groups, model, steps);
    } else {
      BeginUsers(task - tiles_end, model, steps);
    }
  });
}

void Svdpp::BeginUsers(Index first, Model& model, const Steps& steps) {
  Block& block = blocks_[0];
  const int stride = model.Stride();
  for (std::size_t n = first; n < block.users.size(); n += Groups()) {
    const std::span<const Index> rated = ratings_.ByUser().Row(block.users[n]).others;
    const UserRows rows = block.Of(n, stride);
    std::fill_n(rows.implicit, UserRows::kCount * stride, 0.0F);
    AddImplicitPart(model, rated, 1.0F, rows.implicit);
    kernels::Axpy(steps.factors * steps.lambda, rows.implicit, rows.pull, stride);
    std::copy_n(OwnRow(model, block.users[n]), stride, rows.sum);
    kernels::Axpy(1.0F, rows.implicit, rows.sum, stride);
    std::size_t* bound = &block.bounds[n * (Groups() + 1)];
    for (const Index end : item_ends_) {
      const std::span<const Index> rest = rated.subspan(*bound);
      bound[1] = bound[0] + (std::ranges::lower_bound(rest, end) - rest.begin());
      ++bound;
    }
  }
}

void Svdpp::VisitTile(Index round, Index first, Model& model, const Steps& steps) {
  Block& block = blocks_[1];
  const Index group = (first + round) % Groups();
  for (std::size_t n = first; n < block.users.size(); n += Groups()) {
    const std::size_t* const bounds = &block.bounds[n * (Groups() + 1) + group];
    VisitRatings(block.users[n], bounds[0], bounds[1], block.Of(n, model.Stride()), model, steps);
  }
}

void Svdpp::VisitRatings(Index user, std::size_t begin, std::size_t end, const UserRows& rows, Model& model,
                         const Steps& steps) {
  if (begin == end) return;
  const int stride = model.Stride();
  const RatingsRow row = ratings_.ByUser().Row(user);
  const auto baseline = static_cast<float>(model.Baseline());
  const float keep = 1.0F - steps.factors * steps.lambda;
  float* q = RowOf(model.item_factors, row.others[begin]);
  float dot = kernels::Dot(rows.sum, q, stride);
  for (std::size_t j = begin; j < end; ++j) {
    float error = row.values[j] - baseline - dot;
    if (model.options.biases) {
      float& user_bias = model.user_bias[user];
      float& item_bias = model.item_bias[row.others[j]];
      error -= user_bias + item_bias;
      user_bias = steps.bias_keep * user_bias + steps.bias * error;
      item_bias = steps.bias_keep * item_bias + steps.bias * error;
    }
    float* const next = j + 1 < end ? RowOf(model.item_factors, row.others[j + 1]) : rows.pull;
    dot = UpdateRowsAndDot({.z = rows.sum, .q = q, .pull = rows.pull, .gradient = rows.gradient},
                           {.step = kernels::Splat(steps.factors * error),
                            .keep = kernels::Splat(keep),
                            .error = kernels::Splat(error)},
                           next, stride);
    q = next;
  }
}

void Svdpp::StepImplicit(Index group, Model& model, const Steps& steps) {
  Block& block = blocks_[2];
  const int stride = model.Stride();
  const float keep = 1.0F - steps.implicit * steps.lambda;
  for (std::size_t n = 0; n < block.users.size(); ++n) {
    const std::span<const Index> rated = ratings_.ByUser().Row(block.users[n]).others;
    const UserRows rows = block.Of(n, stride);
    const std::size_t* const bounds = &block.bounds[n * (Groups() + 1) + group];
    const float weight = steps.implicit / std::sqrt(static_cast<float>(rated.size()));
    for (std::size_t j = bounds[0]; j < bounds[1]; ++j) {
      kernels::Axpby(weight, rows.gradient, keep, RowOf(model.item_implicit, rated[j]), stride);
    }
    if (static_cast<Index>(n) % Groups() != group) continue;
    std::copy_n(rows.sum, stride, OwnRow(model, block.users[n]));
    kernels::Axpy(-1.0F, rows.implicit, OwnRow(model, block.users[n]), stride);
  }
}

}  // namespace matfac
