#include "solvers/nmf.h"

#include "base/errors.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

constexpr int kSweeps = 2;

/// Multiply-adds per entry of a gathered row: 4 for the products, 1 for the residuals, about 2 for the gathering, and 2
/// per sweep.
auto RowCost(int stride) {
  return [stride](Offset count) { return (static_cast<std::int64_t>(count) + 1) * stride * (7 + 2 * kSweeps); };
}

}  // namespace

Nmf::Nmf(const Ratings& ratings, const Options& options, Workers& workers)
    : ratings_(ratings),
      workers_(workers),
      rows_(workers.Count(), NonNegativeRidge(StrideOf(options.model.factors))),
      item_blocks_(ratings.ByItem(), RowCost(StrideOf(options.model.factors))),
      user_blocks_(ratings.ByUser(), RowCost(StrideOf(options.model.factors))) {
  if (ratings.Minimum() < 0.0F) {
    ThrowInvalid("rating must be 0 or more for the solver 'nmf'; it is {}", {ratings.Minimum()});
  }
}

bool Nmf::Work(int /*epoch*/, Model& model, Budget& budget) {
  if (!items_done_) {
    items_done_ = item_blocks_.ForEachRow(workers_, budget, [&](Index item, int worker) {
      Descend(ratings_.ByItem(), item, model, model.item_factors, model.user_factors, worker);
    });
    if (!items_done_) return false;
  }
  const bool whole = user_blocks_.ForEachRow(workers_, budget, [&](Index user, int worker) {
    Descend(ratings_.ByUser(), user, model, model.user_factors, model.item_factors, worker);
  });
  items_done_ = !whole;
  return whole;
}

void Nmf::Descend(const RatingsSide& side, Index row, const Model& model, FactorMatrix& factors,
                  const FactorMatrix& others, int worker) {
  const RatingsRow ratings = side.Row(row);
  float* x = RowOf(factors, row);
  rows_[worker].Build(others, ratings.others, ratings.values, StrengthOf(model, side.Count(row)).factors, x);
  for (int sweep = 0; sweep < kSweeps; ++sweep) rows_[worker].Sweep(x);
}

}  // namespace matfac
