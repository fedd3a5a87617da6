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
/// Samples between asking for the rows of one and its step.
constexpr std::size_t kAhead = 4;

/// Where a model has its rows and biases; null without biases.
struct Rows {
  float* users;
  float* items;
  float* biases;
};

Rows RowsOf(Model& model) {
  return {model.user_factors.data(), model.item_factors.data(),
          model.item_bias.empty() ? nullptr : model.item_bias.data()};
}

/// `likelihood` takes d and gives g.
template <typename Likelihood>
void TakeStep(const Rows& rows, const Bpr::Sample& sample, float rate, float keep, Likelihood& likelihood, int stride) {
  float* const u = rows.users + std::ptrdiff_t{sample.user} * stride;
  float* const v = rows.items + std::ptrdiff_t{sample.item} * stride;
  float* const w = rows.items + std::ptrdiff_t{sample.other} * stride;
  float difference = kernels::DotDifference(u, v, w, stride);
  if (rows.biases != nullptr) difference += rows.biases[sample.item] - rows.biases[sample.other];
  const float step = rate * likelihood.Add(difference);
  kernels::UpdateTriple(u, v, w, step, keep, stride);
  if (rows.biases == nullptr) return;
  rows.biases[sample.item] = keep * rows.biases[sample.item] + step;
  rows.biases[sample.other] = keep * rows.biases[sample.other] - step;
}

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
    : ratings_(ratings), options_(options), item_visits_(ratings.ItemCount()), is_rated_(ratings.ItemCount()) {
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
  if (next_block_ == 0 && samples_.empty()) StartEpoch(epoch);
  const auto rate = static_cast<float>(LearningRate(options_.training, epoch));
  while (next_block_ < order_.size()) {
    if (samples_.empty()) StartBlock(epoch);
    const std::size_t count = std::min(kChunk, samples_.size() - next_sample_);
    Visit(std::span(samples_).subspan(next_sample_, count), model, rate);
    next_sample_ += count;
    if (next_sample_ == samples_.size()) {
      samples_.clear();
      next_sample_ = 0;
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
  Random random(options_.training.seed, StreamOf(RandomUse::kBprBlock, epoch, static_cast<Index>(block)));
  for (Index user = block == 0 ? 0 : block_ends_[block - 1]; user < block_ends_[block]; ++user) {
    if (!IsSampled(user)) continue;
    DrawSamples(user, random);
  }
  random.Shuffle(std::span(samples_));
}

void Bpr::DrawSamples(Index user, Random& random) {
  const std::span<const Index> rated = ratings_.ByUser().Row(user).others;
  const auto items = static_cast<std::uint32_t>(ratings_.ItemCount());
  if (2 * rated.size() > items) {
    for (const Index item : rated) samples_.push_back({user, item, DrawBetween(rated, random)});
    return;
  }
  for (const Index item : rated) is_rated_[item] = true;
  for (const Index item : rated) {
    std::uint32_t other = random.Below(items);
    while (is_rated_[other]) other = random.Below(items);
    samples_.push_back({user, item, static_cast<Index>(other)});
  }
  for (const Index item : rated) is_rated_[item] = false;
}

void Bpr::Visit(std::span<const Sample> samples, Model& model, float rate) {
  const float keep = 1.0F - rate * static_cast<float>(options_.model.regularization);
  const int stride = model.Stride();
  const Rows rows = RowsOf(model);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    if (n + kAhead < samples.size()) {
      const Sample& ahead = samples[n + kAhead];
      kernels::Prefetch(rows.users + std::ptrdiff_t{ahead.user} * stride, stride);
      kernels::Prefetch(rows.items + std::ptrdiff_t{ahead.item} * stride, stride);
      kernels::Prefetch(rows.items + std::ptrdiff_t{ahead.other} * stride, stride);
    }
    TakeStep(rows, samples[n], rate, keep, likelihood_, stride);
  }
}

/// The unrated items lie between the rated ones: rated[p] − p of them come before rated[p].
Index Bpr::DrawBetween(std::span<const Index> rated, Random& random) const {
  const auto unrated = static_cast<std::uint32_t>(ratings_.ItemCount()) - static_cast<std::uint32_t>(rated.size());
  const auto drawn = static_cast<Index>(random.Below(unrated));
  std::size_t below = 0;
  for (std::size_t left = rated.size(); left > 0;) {  // compiles without a branch, which would be unpredictable
    const std::size_t half = left / 2;
    const bool before = rated[below + half] - static_cast<Index>(below + half) <= drawn;
    below += before ? half + 1 : 0;
    left = before ? left - half - 1 : half;
  }
  return drawn + static_cast<Index>(below);
}

void Bpr::Step(Model& model, const Sample& sample, float rate, float regularization) {
  Likelihood likelihood;
  TakeStep(RowsOf(model), sample, rate, 1.0F - rate * regularization, likelihood, model.Stride());
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
