#include "solvers/bias.h"

#include "rows/ridge.h"

namespace matfac {
namespace {

/// A rating takes the time of this many multiply-adds, because its bias may be anywhere in memory.
constexpr std::int64_t kRatingCost = 8;

}  // namespace

bool Bias::Work(int /*epoch*/, Model& model, Budget& budget) {
  if (!items_done_) {
    items_done_ = SolveSide(ratings_.ByItem(), model, model.user_bias, model.item_bias, budget);
    if (!items_done_) return false;
  }
  const bool whole = SolveSide(ratings_.ByUser(), model, model.item_bias, model.user_bias, budget);
  items_done_ = !whole;
  return whole;
}

bool Bias::SolveSide(const RatingsSide& side, const Model& model, const std::vector<float>& others,
                     std::vector<float>& bias, Budget& budget) {
  while (next_row_ < side.RowCount()) {
    const Index row = next_row_++;
    const RatingsRow ratings = side.Row(row);
    double sum = 0.0;
    for (std::size_t j = 0; j < ratings.values.size(); ++j)
      sum += ratings.values[j] - model.mean - others[ratings.others[j]];
    const Offset count = side.Count(row);
    const double strength = StrengthOf(model, count).bias;
    bias[row] = count == 0 ? 0.0F : static_cast<float>(sum / (strength + static_cast<double>(count)));
    if (budget.Spend(kRatingCost * (count + 1))) break;
  }
  if (next_row_ < side.RowCount()) return false;
  next_row_ = 0;
  return true;
}

}  // namespace matfac
