#include "solvers/sgd.h"

#include "base/fetch.h"
#include "base/random_streams.h"
#include "solvers/learning_rate.h"
#include "solvers/vanishing.h"

namespace matfac {
namespace {

/// About the multiply-adds of a thread between two checks of the budget.
constexpr std::int64_t kSliceWork = 1 << 25;

/// Brings the rows into the cache where `pairs` will visit most of them in a random order, and would wait for each.
void FetchRows(const float* factors, SgdTiles::RowRange rows, int stride, Offset pairs) {
  constexpr Offset kRowsPerPair = 4;  // a row costs about a quarter of waiting for it
  if (rows.Count() > kRowsPerPair * pairs) return;
  Fetch(factors + std::ptrdiff_t{rows.begin} * stride, static_cast<std::size_t>(rows.Count()) * stride);
}

}  // namespace

Sgd::Sgd(const Ratings& ratings, const Options& options, Workers& workers)
    : options_(options),
      workers_(workers),
      tiles_(ratings, StrideOf(options.model.factors), options.training.seed, workers),
      visit_(SgdVisitFor(StrideOf(options.model.factors))) {}

bool Sgd::Work(int epoch, Model& model, Budget& budget) {
  FindSquares(model);
  const SgdSteps steps = StepsOf(epoch, model);
  const SgdRows rows{.users = model.user_factors.data(),
                     .items = model.item_factors.data(),
                     .user_bias = model.options.biases ? model.user_bias.data() : nullptr,
                     .item_bias = model.options.biases ? model.item_bias.data() : nullptr,
                     .stride = model.Stride()};
  if (next_ == 0) Shuffle(epoch);
  while (next_ < order_.size()) {
    const std::size_t first = next_;
    std::int64_t done = 0;
    while (next_ < order_.size() && done < kSliceWork * workers_.Count()) {
      done += std::int64_t{3} * static_cast<std::int64_t>(tiles_.Size(order_[next_++])) * model.Stride();
    }
    const std::span<const Index> slice = std::span(order_).subspan(first, next_ - first);
    const std::vector<Index> waits = tiles_.Waits(slice);
    workers_.ForEachBlockInOrder(
        static_cast<Index>(slice.size()), [&](Index block) { return waits[block]; },
        [&](Index block, int) { VisitTile(slice[block], epoch, rows, steps); });
    if (budget.Spend(done / workers_.Count())) break;
  }
  if (next_ < order_.size()) return false;
  next_ = 0;
  ZeroVanishing(model.user_factors);
  ZeroVanishing(model.item_factors);
  return true;
}

void Sgd::Shuffle(int epoch) {
  const SgdTiles::Schedule schedule =
      tiles_.Shuffled(Random(options_.training.seed, StreamOf(RandomUse::kSgdSchedule, epoch, 0)));
  order_.clear();
  for (Index round = 0; round < tiles_.Rounds(); ++round) {
    const std::vector<Index> tiles = tiles_.Round(schedule, round);
    order_.insert(order_.end(), tiles.begin(), tiles.end());
  }
}

void Sgd::FindSquares(Model& model) {
  const auto users = static_cast<std::size_t>(model.UserCount());
  const std::size_t size = options_.training.adaptive ? users + model.ItemCount() : 0;
  if (model.state.size() != size) model.state.assign(size, 1.0F);
  if (size == 0) return;
  user_squares_ = std::span(model.state).first(users);
  item_squares_ = std::span(model.state).subspan(users);
}

SgdSteps Sgd::StepsOf(int epoch, const Model& model) const {
  const auto rate = static_cast<float>(LearningRate(options_.training, epoch));
  const auto bias_rate = static_cast<float>(BiasLearningRate(options_.training, epoch));
  return {.baseline = static_cast<float>(model.Baseline()),
          .rate = rate,
          .keep = 1.0F - rate * static_cast<float>(options_.model.regularization),
          .bias_rate = bias_rate,
          .bias_keep = 1.0F - bias_rate * static_cast<float>(options_.model.BiasRegularization())};
}

void Sgd::VisitTile(Index tile, int epoch, const SgdRows& rows, const SgdSteps& steps) {
  FetchRows(rows.users, tiles_.Users(tile), rows.stride, tiles_.Size(tile));
  FetchRows(rows.items, tiles_.Items(tile), rows.stride, tiles_.Size(tile));
  const SgdWalk walk(tiles_.Pairs(tile), Random(options_.training.seed, StreamOf(RandomUse::kSgdWalk, epoch, tile)));
  if (options_.training.adaptive) {
    VisitAdaptively(walk, rows, steps,
                    {.users = user_squares_.data(),
                     .items = item_squares_.data(),
                     .regularization = static_cast<float>(options_.model.regularization),
                     .share = 1.0F / static_cast<float>(options_.model.factors)});
  } else {
    visit_(walk, rows, steps);
  }
}

}  // namespace matfac
