#include "solvers/als.h"

namespace matfac {
namespace {

auto RowCost(int stride) {
  return [stride](Offset count) {
    return (static_cast<std::int64_t>(count) + stride / 3) * stride * (stride + std::int64_t{4}) / 2;
  };
}

}  // namespace

Als::Als(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      workers_(workers),
      scratch_(workers.Count(), {.system = RidgeSystem(StrideOf(options.model.factors), options.model.biases)}),
      item_blocks_(ratings.ByItem(), RowCost(StrideOf(options.model.factors))),
      user_blocks_(ratings.ByUser(), RowCost(StrideOf(options.model.factors))) {}

bool Als::Work(int /*epoch*/, Model& model, Budget& budget) {
  const auto baseline = static_cast<float>(model.Baseline());
  if (!items_done_) {
    const HalfStep items{model.item_factors, model.item_bias, model.user_factors,
                         model.user_bias,    baseline,        model.options};
    items_done_ = item_blocks_.ForEachRow(
        workers_, budget, [&](Index item, int worker) { SolveRow(ratings_.ByItem(), item, items, scratch_[worker]); });
    if (!items_done_) return false;
  }
  const HalfStep users{model.user_factors, model.user_bias, model.item_factors,
                       model.item_bias,    baseline,        model.options};
  const bool whole = user_blocks_.ForEachRow(
      workers_, budget, [&](Index user, int worker) { SolveRow(ratings_.ByUser(), user, users, scratch_[worker]); });
  items_done_ = !whole;
  return whole;
}

void Als::SolveRow(const RatingsSide& side, Index row, const HalfStep& step, Scratch& scratch) {
  const RatingsRow ratings = side.Row(row);
  scratch.targets.resize(ratings.values.size());
  for (std::size_t j = 0; j < scratch.targets.size(); ++j) {
    const float other = step.other_bias.empty() ? 0.0F : step.other_bias[ratings.others[j]];
    scratch.targets[j] = ratings.values[j] - step.baseline - other;
  }
  scratch.system.Build(step.other_factors, ratings.others, scratch.targets, StrengthOf(step.options, side.Count(row)));
  scratch.system.Solve(RowOf(step.factors, row), step.bias.empty() ? nullptr : &step.bias[row]);
}

}  // namespace matfac
