#include "solvers/svdpp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "base/kernels.h"
#include "base/random_streams.h"
#include "solvers/learning_rate.h"
#include "solvers/vanishing.h"

namespace matfac {
namespace {

/// η_y / η
constexpr double kImplicitShare = 0.1;

/// Sums of scattered rows take about four times as long as multiply-adds in the cache.
auto RowCost(int stride) {
  return [stride](Offset count) { return 4 * (static_cast<std::int64_t>(count) + 1) * stride; };
}

/// The row p of a user.
float* OwnRow(Model& model, Index user) {
  return model.state.data() + static_cast<std::ptrdiff_t>(user) * model.Stride();
}

/// z ← keep · z + step · q + pull, q ← keep · q + step · z and gradient ← gradient + error · q, all from the old z and
/// q. With pull = (1 − keep) · s that is p ← keep · p + step · q for z = p + s.
void UpdateRows(float* z, float* q, const float* pull, float* gradient, float step, float keep, float error,
                int stride) {
  using namespace kernels;
  const Float4 step4 = Splat(step);
  const Float4 keep4 = Splat(keep);
  const Float4 error4 = Splat(error);
  for (int j = 0; j < stride; j += kWidth) {
    const Float4 old_z = Load(z + j);
    const Float4 old_q = Load(q + j);
    Store(z + j, (keep4 * old_z + step4 * old_q) + Load(pull + j));
    Store(q + j, keep4 * old_q + step4 * old_z);
    Store(gradient + j, Load(gradient + j) + error4 * old_q);
  }
}

}  // namespace

Svdpp::Svdpp(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      random_(options.training.seed, StreamOf(RandomUse::kSvdppUserOrder)),
      user_blocks_(ratings.ByUser(), RowCost(StrideOf(options.model.factors))),
      order_(ratings.UserCount()),
      implicit_(StrideOf(options.model.factors)),
      sum_(implicit_.size()),
      pull_(implicit_.size()),
      gradient_(implicit_.size()) {
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
  const Steps steps{.factors = static_cast<float>(rate),
                    .bias = static_cast<float>(BiasLearningRate(options_.training, epoch)),
                    .implicit = static_cast<float>(kImplicitShare * rate)};
  while (next_user_ < order_.size()) {
    const Index user = order_[next_user_++];
    VisitUser(user, model, steps);
    if (budget.Spend(std::int64_t{6} * ratings_.ByUser().Count(user) * model.Stride())) break;
  }
  if (next_user_ < order_.size()) return false;
  next_user_ = 0;
  return true;
}

void Svdpp::VisitUser(Index user, Model& model, const Steps& steps) {
  const RatingsRow row = ratings_.ByUser().Row(user);
  if (row.others.empty()) return;
  const int stride = model.Stride();
  const auto lambda = static_cast<float>(model.scale * options_.model.regularization);
  std::ranges::fill(implicit_, 0.0F);
  std::ranges::fill(pull_, 0.0F);
  std::ranges::fill(gradient_, 0.0F);
  AddImplicitPart(model, row.others, 1.0F, implicit_.data());
  kernels::Axpy(steps.factors * lambda, implicit_.data(), pull_.data(), stride);
  std::copy_n(OwnRow(model, user), stride, sum_.data());
  kernels::Axpy(1.0F, implicit_.data(), sum_.data(), stride);

  for (std::size_t j = 0; j < row.others.size(); ++j) VisitRating(user, row.others[j], row.values[j], model, steps);

  std::ranges::copy(sum_, OwnRow(model, user));
  kernels::Axpy(-1.0F, implicit_.data(), OwnRow(model, user), stride);
  const float weight = steps.implicit / std::sqrt(static_cast<float>(row.others.size()));
  const float keep = 1.0F - steps.implicit * lambda;
  for (const Index item : row.others) {
    kernels::Axpby(weight, gradient_.data(), keep, RowOf(model.item_implicit, item), stride);
  }
}

void Svdpp::VisitRating(Index user, Index item, float rating, Model& model, const Steps& steps) {
  const int stride = model.Stride();
  float* q = RowOf(model.item_factors, item);
  float error = rating - static_cast<float>(model.Baseline()) - kernels::Dot(sum_.data(), q, stride);
  if (model.options.biases) {
    const float keep = 1.0F - steps.bias * static_cast<float>(options_.model.BiasRegularization());
    float& user_bias = model.user_bias[user];
    float& item_bias = model.item_bias[item];
    error -= user_bias + item_bias;
    user_bias = keep * user_bias + steps.bias * error;
    item_bias = keep * item_bias + steps.bias * error;
  }
  const float keep = 1.0F - steps.factors * static_cast<float>(model.scale * options_.model.regularization);
  UpdateRows(sum_.data(), q, pull_.data(), gradient_.data(), steps.factors * error, keep, error, stride);
}

}  // namespace matfac
