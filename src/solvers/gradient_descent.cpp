#include "solvers/gradient_descent.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "base/kernels.h"
#include "base/row_panel.h"
#include "solvers/learning_rate.h"
#include "solvers/vanishing.h"

namespace matfac {
namespace {

using kernels::kWidth;

/// The errors of a chunk of ratings come before their sums: neither loop waits for the other's results, and the rows
/// stay in the first-level cache between them.
constexpr std::size_t kChunk = 64;

/// A product and a sum per rating.
auto RowCost(int stride) {
  return [stride](Offset count) { return 2 * (static_cast<std::int64_t>(count) + 1) * stride; };
}

/// y ← (((y + f₀ a) + f₁ b) + f₂ c) + f₃ d, with the bits of four additions one after the other.
void AddInOrder(const float* factors, const RowPanel& rows, float* y, int stride) {
  using namespace kernels;
  const auto [a, b, c, d] = rows;
  const Float4 f0 = Splat(factors[0]);
  const Float4 f1 = Splat(factors[1]);
  const Float4 f2 = Splat(factors[2]);
  const Float4 f3 = Splat(factors[3]);
  for (int j = 0; j < stride; j += kWidth) {
    const Float4 sum = MultiplyAdd(f1, Load(b + j), MultiplyAdd(f0, Load(a + j), Load(y + j)));
    Store(y + j, MultiplyAdd(f3, Load(d + j), MultiplyAdd(f2, Load(c + j), sum)));
  }
}

/// y ← y + Σ e x over the ratings of a row, in their order, with the rows x of the others and e = error(j, x); returns
/// Σ e.
template <typename Error>
float AddErrors(const FactorMatrix& others, std::span<const Index> rated, float* y, const Error& error) {
  const auto stride = static_cast<int>(others.cols());
  std::array<float, kChunk> errors{};
  float sum = 0.0F;
  for (std::size_t begin = 0; begin < rated.size(); begin += kChunk) {
    const std::span<const Index> chunk = rated.subspan(begin, std::min(kChunk, rated.size() - begin));
    for (std::size_t j = 0; j < chunk.size(); ++j) {
      errors[j] = error(begin + j, RowOf(others, chunk[j]));
      sum += errors[j];
    }
    std::size_t j = 0;
    for (; j + kWidth <= chunk.size(); j += kWidth) {
      AddInOrder(&errors[j],
                 {RowOf(others, chunk[j]), RowOf(others, chunk[j + 1]), RowOf(others, chunk[j + 2]),
                  RowOf(others, chunk[j + 3])},
                 y, stride);
    }
    for (; j < chunk.size(); ++j) kernels::Axpy(errors[j], RowOf(others, chunk[j]), y, stride);
  }
  return sum;
}

}  // namespace

GradientDescent::GradientDescent(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      user_blocks_(ratings.ByUser(), RowCost(StrideOf(options.model.factors))),
      item_blocks_(ratings.ByItem(), RowCost(StrideOf(options.model.factors))) {}

bool GradientDescent::Work(int epoch, Model& model, Budget& budget) {
  if (!Accumulate(model, budget)) return false;
  Step(model, static_cast<float>(LearningRate(options_.training, epoch)),
       static_cast<float>(BiasLearningRate(options_.training, epoch)));
  return true;
}

Gradient GradientDescent::At(const Model& model) {
  Budget endless(std::numeric_limits<double>::infinity());
  Accumulate(model, endless);
  return gradient_;
}

bool GradientDescent::Accumulate(const Model& model, Budget& budget) {
  if (!users_done_) {
    gradient_.user_factors.resize(model.UserCount(), model.Stride());
    gradient_.item_factors.resize(model.ItemCount(), model.Stride());
    gradient_.user_bias.resize(model.user_bias.size());
    gradient_.item_bias.resize(model.item_bias.size());
    users_done_ = user_blocks_.ForEachRow(workers_, budget, [&](Index user, int /*worker*/) { FillUser(model, user); });
    if (!users_done_) return false;
  }
  const bool whole =
      item_blocks_.ForEachRow(workers_, budget, [&](Index item, int /*worker*/) { FillItem(model, item); });
  users_done_ = !whole;
  return whole;
}

void GradientDescent::FillUser(const Model& model, Index user) {
  const RatingsRow row = ratings_.ByUser().Row(user);
  const float* const u = RowOf(model.user_factors, user);
  float* const sums = RowOf(gradient_.user_factors, user);
  const double level = model.Baseline() + model.UserBias(user);
  std::fill_n(sums, model.Stride(), 0.0F);
  const float error = AddErrors(model.item_factors, row.others, sums, [&](std::size_t j, const float* v) {
    return static_cast<float>(level + model.ItemBias(row.others[j]) + kernels::Dot(u, v, model.Stride()) -
                              row.values[j]);
  });
  kernels::Axpy(static_cast<float>(options_.model.regularization), u, sums, model.Stride());
  if (gradient_.user_bias.empty()) return;
  gradient_.user_bias[user] = error + static_cast<float>(options_.model.BiasRegularization()) * model.user_bias[user];
}

void GradientDescent::FillItem(const Model& model, Index item) {
  const RatingsRow row = ratings_.ByItem().Row(item);
  const float* const v = RowOf(model.item_factors, item);
  float* const sums = RowOf(gradient_.item_factors, item);
  const double bias = model.ItemBias(item);
  std::fill_n(sums, model.Stride(), 0.0F);
  const float error = AddErrors(model.user_factors, row.others, sums, [&](std::size_t j, const float* u) {
    return static_cast<float>(model.Baseline() + model.UserBias(row.others[j]) + bias +
                              kernels::Dot(u, v, model.Stride()) - row.values[j]);
  });
  kernels::Axpy(static_cast<float>(options_.model.regularization), v, sums, model.Stride());
  if (gradient_.item_bias.empty()) return;
  gradient_.item_bias[item] = error + static_cast<float>(options_.model.BiasRegularization()) * model.item_bias[item];
}

void GradientDescent::Step(Model& model, float rate, float bias_rate) const {
  model.user_factors -= rate * gradient_.user_factors;
  model.item_factors -= rate * gradient_.item_factors;
  ZeroVanishing(model.user_factors);
  ZeroVanishing(model.item_factors);
  for (std::size_t n = 0; n < model.user_bias.size(); ++n) model.user_bias[n] -= bias_rate * gradient_.user_bias[n];
  for (std::size_t m = 0; m < model.item_bias.size(); ++m) model.item_bias[m] -= bias_rate * gradient_.item_bias[m];
}

}  // namespace matfac
