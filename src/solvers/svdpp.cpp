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

/// η_y / η
constexpr double kImplicitShare = 0.1;
/// Of items, and of the users of a block: enough for the threads to share.
constexpr Offset kGroups = 8;
/// Blocks of an epoch, more where they would have more than the most users.
constexpr Index kFewestBlocks = 24;
constexpr Index kMostUsers = 256;

/// Sums of scattered rows take about four times as long as multiply-adds in the cache.
auto RowCost(int stride) {
  return [stride](Offset count) { return 4 * (static_cast<std::int64_t>(count) + 1) * stride; };
}

/// The row p of a user.
template <typename AnyModel>
auto* OwnRow(AnyModel& model, Index user) {
  return model.state.data() + static_cast<std::ptrdiff_t>(user) * model.Stride();
}

/// z ← keep · z + step · q + decay · s, q ← keep · q + step · z and gradient ← gradient + error · q, all from the old z
/// and q. With decay = 1 − keep that is p ← keep · p + step · q for z = p + s. Returns z·next with the new z, which the
/// next rating would else read again. Needs another row as `next`.
float UpdateRows(float* z, float* q, const float* s, float* gradient, float step, float decay, float error,
                 const float* next, int stride) {
  using namespace kernels;
  const Float4 step4 = Splat(step);
  const Float4 decay4 = Splat(decay);
  const Float4 keep4 = Splat(1.0F - decay);
  const Float4 error4 = Splat(error);
  Float4 sum{};
  for (int j = 0; j < stride; j += kWidth) {
    const Float4 old_z = Load(z + j);
    const Float4 old_q = Load(q + j);
    const Float4 new_z = (keep4 * old_z + step4 * old_q) + decay4 * Load(s + j);
    Store(z + j, new_z);
    Store(q + j, keep4 * old_q + step4 * old_z);
    Store(gradient + j, Load(gradient + j) + error4 * old_q);
    sum += new_z * Load(next + j);
  }
  return Sum(sum);
}

}  // namespace

Svdpp::Svdpp(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      random_(options.training.seed, StreamOf(RandomUse::kSvdppUserOrder)),
      user_blocks_(ratings.ByUser(), RowCost(StrideOf(options.model.factors))),
      item_ends_(GroupEnds(ratings.ByItem(), ratings.ItemCount(), (ratings.Size() + kGroups - 1) / kGroups)),
      order_(ratings.UserCount()),
      most_users_(std::clamp(ratings.UserCount() / kFewestBlocks, 1, kMostUsers)),
      rows_(std::size_t{kUnderWay} * most_users_ * UserRows::kCount * StrideOf(options.model.factors)),
      bounds_(std::size_t{kUnderWay} * most_users_ * (Groups() + 1)) {
  std::iota(order_.begin(), order_.end(), 0);
  for (int epoch = 0; epoch < options.training.epochs_done; ++epoch) random_.Shuffle(std::span(order_));
}

bool Svdpp::Work(int epoch, Model& model, Budget& budget) {
  float* const joined = model.user_factors.data();
  if (phase_ == Phase::kStart) {
    const auto size = static_cast<std::size_t>(model.user_factors.size());
    phase_ = model.state.size() == size ? Phase::kVisit : Phase::kSplit;
    if (phase_ == Phase::kSplit) model.state.assign(size, 0.0F);
  }
  if (phase_ == Phase::kSplit) {
    if (!AddImplicit(joined, -1.0F, model.state.data(), model, budget)) return false;
    phase_ = Phase::kVisit;
  }
  if (phase_ == Phase::kVisit) {
    if (!VisitUsers(epoch, model, budget)) return false;
    ZeroVanishing(std::span(model.state));
    ZeroVanishing(model.item_factors);
    ZeroVanishing(model.item_implicit);
    phase_ = Phase::kJoin;
  }
  if (!AddImplicit(model.state.data(), 1.0F, joined, model, budget)) return false;
  phase_ = Phase::kVisit;
  return true;
}

bool Svdpp::AddImplicit(const float* from, float sign, float* to, const Model& model, Budget& budget) {
  return user_blocks_.ForEachRow(workers_, budget, [&](Index user, int /*worker*/) {
    const auto begin = static_cast<std::ptrdiff_t>(user) * model.Stride();
    std::copy_n(from + begin, model.Stride(), to + begin);
    AddImplicitPart(model, ratings_.ByUser().Row(user).others, sign, to + begin);
  });
}

bool Svdpp::VisitUsers(int epoch, Model& model, Budget& budget) {
  if (step_ == 0) random_.Shuffle(std::span(order_));
  // Of standardized ratings: the step of a factor √σ x̃ from an error σ ẽ is √σ times as long with the rate η / σ.
  const double rate = LearningRate(options_.training, epoch) / model.scale;
  const auto bias_rate = static_cast<float>(BiasLearningRate(options_.training, epoch));
  const Steps steps{.factors = static_cast<float>(rate),
                    .implicit = static_cast<float>(kImplicitShare * rate),
                    .lambda = static_cast<float>(model.scale * options_.model.regularization),
                    .bias = bias_rate,
                    .bias_keep = 1.0F - bias_rate * static_cast<float>(options_.model.BiasRegularization())};
  // Of a block, on average.
  const std::int64_t work =
      6 * ratings_.Size() * model.Stride() / ratings_.UserCount() * most_users_ / workers_.Count();
  while (true) {
    Step(model, steps);
    ++step_;
    if (step_ > 1 && UsersOf(step_ - 2).empty()) break;
    if (budget.Spend(work)) return false;
  }
  step_ = 0;
  return true;
}

std::span<const Index> Svdpp::UsersOf(Index block) const {
  const Index begin = std::clamp(block * most_users_, 0, ratings_.UserCount());
  const Index end = std::clamp((block + 1) * most_users_, 0, ratings_.UserCount());
  return std::span(order_).subspan(begin, end - begin);
}

Svdpp::UserRows Svdpp::RowsOf(Index block, Index place) {
  const std::size_t slot = static_cast<std::size_t>(block % kUnderWay) * most_users_ + place;
  const int stride = StrideOf(options_.model.factors);
  float* const first = &rows_[slot * UserRows::kCount * stride];
  return {.implicit = first,
          .sum = first + stride,
          .gradient = first + 2 * stride,
          .bounds = &bounds_[slot * (Groups() + 1)]};
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
      BeginUsers(task - tiles_end, model);
    }
  });
}

void Svdpp::BeginUsers(Index first, const Model& model) {
  const int stride = model.Stride();
  const std::span<const Index> users = UsersOf(step_);
  for (Index n = first; n < std::ssize(users); n += Groups()) {
    const std::span<const Index> rated = ratings_.ByUser().Row(users[n]).others;
    const UserRows rows = RowsOf(step_, n);
    std::fill_n(rows.implicit, UserRows::kCount * stride, 0.0F);
    AddImplicitPart(model, rated, 1.0F, rows.implicit);
    std::copy_n(OwnRow(model, users[n]), stride, rows.sum);
    kernels::Axpy(1.0F, rows.implicit, rows.sum, stride);
    Index bound = 0;
    for (Index group = 0; group < Groups(); ++group) {
      while (bound < std::ssize(rated) && rated[bound] < item_ends_[group]) ++bound;
      rows.bounds[group + 1] = bound;
    }
  }
}

void Svdpp::VisitTile(Index round, Index first, Model& model, const Steps& steps) {
  const std::span<const Index> users = UsersOf(step_ - 1);
  for (Index n = first; n < std::ssize(users); n += Groups()) {
    VisitRatings(users[n], (first + round) % Groups(), RowsOf(step_ - 1, n), model, steps);
  }
}

void Svdpp::VisitRatings(Index user, Index group, const UserRows& rows, Model& model, const Steps& steps) {
  const int stride = model.Stride();
  const RatingsRow row = ratings_.ByUser().Row(user);
  const auto baseline = static_cast<float>(model.Baseline());
  const Index end = rows.bounds[group + 1];
  Index j = rows.bounds[group];
  if (j == end) return;
  float* q = RowOf(model.item_factors, row.others[j]);
  float dot = model.ItemFactors().Dot(rows.sum, row.others[j]);
  for (; j < end; ++j) {
    float error = row.values[j] - baseline - dot;
    if (model.options.biases) {
      float& user_bias = model.user_bias[user];
      float& item_bias = model.item_bias[row.others[j]];
      error -= user_bias + item_bias;
      user_bias = steps.bias_keep * user_bias + steps.bias * error;
      item_bias = steps.bias_keep * item_bias + steps.bias * error;
    }
    // After the last one the product has no use.
    float* const next = j + 1 < end ? RowOf(model.item_factors, row.others[j + 1]) : rows.implicit;
    dot = UpdateRows(rows.sum, q, rows.implicit, rows.gradient, steps.factors * error, steps.factors * steps.lambda,
                     error, next, stride);
    q = next;
  }
}

void Svdpp::StepImplicit(Index group, Model& model, const Steps& steps) {
  const int stride = model.Stride();
  const std::span<const Index> users = UsersOf(step_ - 2);
  for (Index n = 0; n < std::ssize(users); ++n) {
    const std::span<const Index> rated = ratings_.ByUser().Row(users[n]).others;
    const UserRows rows = RowsOf(step_ - 2, n);
    const float weight = steps.implicit / std::sqrt(static_cast<float>(rated.size()));
    for (Index j = rows.bounds[group]; j < rows.bounds[group + 1]; ++j) {
      kernels::Axpby(weight, rows.gradient, 1.0F - steps.implicit * steps.lambda, RowOf(model.item_implicit, rated[j]),
                     stride);
    }
    if (n % Groups() != group) continue;
    std::copy_n(rows.sum, stride, OwnRow(model, users[n]));
    kernels::Axpy(-1.0F, rows.implicit, OwnRow(model, users[n]), stride);
  }
}

}  // namespace matfac
