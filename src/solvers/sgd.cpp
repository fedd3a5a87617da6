#include "solvers/sgd.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "kernels.h"
#include "solvers/learning_rate.h"

namespace matfac {
namespace {

constexpr std::uint64_t kOrderStream = 3;
/// Floats in a tile's user rows, and as many in its item rows: 256 KiB each.
constexpr int kTileFloats = 65'536;
/// Pairs between two looks at the budget.
constexpr Offset kChunk = 4'096;

}  // namespace

Sgd::Sgd(const Ratings& ratings, const Options& options)
    : options_(options), random_(options.training.seed, kOrderStream), pairs_(ratings.Size()) {
  const Index tile_rows = std::max(1, kTileFloats / StrideOf(options.model.factors));
  const Index tiles_across = (ratings.ItemCount() + tile_rows - 1) / tile_rows;
  const Index tiles_down = (ratings.UserCount() + tile_rows - 1) / tile_rows;
  const auto tile_of = [&](Index user, Index item) {
    return static_cast<std::size_t>(user / tile_rows) * tiles_across + item / tile_rows;
  };

  tile_begin_.assign(static_cast<std::size_t>(tiles_across) * tiles_down + 1, 0);
  const auto for_each_pair = [&](auto&& visit) {
    for (Index user = 0; user < ratings.UserCount(); ++user) {
      const RatingsRow row = ratings.ByUser().Row(user);
      for (std::size_t j = 0; j < row.others.size(); ++j) visit(Pair{user, row.others[j], row.values[j]});
    }
  };
  for_each_pair([&](const Pair& pair) { ++tile_begin_[tile_of(pair.user, pair.item) + 1]; });
  std::partial_sum(tile_begin_.begin(), tile_begin_.end(), tile_begin_.begin());
  std::vector<Offset> next(tile_begin_.begin(), tile_begin_.end() - 1);
  for_each_pair([&](const Pair& pair) { pairs_[next[tile_of(pair.user, pair.item)]++] = pair; });

  order_.resize(tile_begin_.size() - 1);
  std::iota(order_.begin(), order_.end(), 0U);
  if (!options.training.adaptive) return;
  user_squares_.assign(ratings.UserCount(), 1.0F);
  item_squares_.assign(ratings.ItemCount(), 1.0F);
}

template <typename Stride>
void Sgd::Visit(std::span<const Pair> pairs, Model& model, const Steps& steps, Stride stride) {
  const auto baseline = static_cast<float>(model.Baseline());
  const float keep = 1.0F - steps.factors * static_cast<float>(options_.model.regularization);
  const bool biases = model.options.biases;
  const bool adaptive = options_.training.adaptive;
  float* const users = model.user_factors.data();
  float* const items = model.item_factors.data();
  for (const Pair& pair : pairs) {
    float* const u = users + static_cast<std::ptrdiff_t>(pair.user) * stride;
    float* const v = items + static_cast<std::ptrdiff_t>(pair.item) * stride;
    float error = pair.rating - baseline - kernels::Dot(u, v, stride);
    if (biases) error = StepBiases(pair, model, steps.bias, error);
    if (adaptive) {
      StepAdaptively(pair, model, steps.factors, error);
    } else {
      kernels::UpdatePair(u, v, steps.factors * error, keep, stride);
    }
  }
}

bool Sgd::Work(int epoch, Model& model, Budget& budget) {
  if (next_tile_ == 0 && next_pair_ == 0) random_.Shuffle(std::span(order_));
  const Steps steps{.factors = static_cast<float>(LearningRate(options_.training, epoch)),
                    .bias = static_cast<float>(BiasLearningRate(options_.training, epoch))};
  while (next_tile_ < order_.size()) {
    const Offset begin = tile_begin_[order_[next_tile_]];
    const Offset size = tile_begin_[order_[next_tile_] + 1] - begin;
    const std::span tile(pairs_.data() + begin, size);
    if (next_pair_ == 0) random_.Shuffle(tile);
    const Offset count = std::min(kChunk, size - next_pair_);
    kernels::WithStride(model.Stride(),
                        [&](auto stride) { Visit(tile.subspan(next_pair_, count), model, steps, stride); });
    next_pair_ += count;
    if (next_pair_ == size) {
      ++next_tile_;
      next_pair_ = 0;
    }
    if (budget.Spend(std::int64_t{3} * count * model.Stride())) break;
  }
  if (next_tile_ < order_.size()) return false;
  next_tile_ = 0;
  return true;
}

float Sgd::StepBiases(const Pair& pair, Model& model, float rate, float error) const {
  const float keep = 1.0F - rate * static_cast<float>(options_.model.BiasRegularization());
  float& user_bias = model.user_bias[pair.user];
  float& item_bias = model.item_bias[pair.item];
  error -= user_bias + item_bias;
  user_bias = keep * user_bias + rate * error;
  item_bias = keep * item_bias + rate * error;
  return error;
}

void Sgd::StepAdaptively(const Pair& pair, Model& model, float rate, float error) {
  const auto lambda = static_cast<float>(options_.model.regularization);
  float& user_squares = user_squares_[pair.user];
  float& item_squares = item_squares_[pair.item];
  const kernels::PairSquares squares = kernels::UpdatePairByGradients(
      RowOf(model.user_factors, pair.user), RowOf(model.item_factors, pair.item), error, lambda,
      rate / std::sqrt(user_squares), rate / std::sqrt(item_squares), model.Stride());
  const float share = 1.0F / static_cast<float>(options_.model.factors);
  user_squares += share * squares.u;
  item_squares += share * squares.v;
}

}  // namespace matfac
