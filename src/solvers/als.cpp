#include "solvers/als.h"

#include "kernels.h"

namespace matfac {
namespace {

/// Where a half-step writes, and what it holds fixed.
struct HalfStep {
  FactorMatrix& factors;
  std::vector<float>& bias;
  const FactorMatrix& other_factors;
  const std::vector<float>& other_bias;
};

std::int64_t RowCost(Offset count, int stride) {
  return (count + stride / 3) * stride * (static_cast<std::int64_t>(stride) + 4) / 2;
}

bool SolveRows(const RatingsSide& side, const HalfStep& step, const Model& model, RidgeSystem& system,
               std::vector<float>& targets, Index& next, Budget& budget) {
  while (next < side.RowCount()) {
    const Index row = next++;
    const RatingsRow ratings = side.Row(row);
    targets.resize(ratings.values.size());
    for (std::size_t j = 0; j < targets.size(); ++j) {
      const float other = step.other_bias.empty() ? 0.0F : step.other_bias[ratings.others[j]];
      targets[j] = ratings.values[j] - static_cast<float>(model.Baseline()) - other;
    }
    const auto count = static_cast<Offset>(targets.size());
    system.Build(step.other_factors, ratings.others, targets, StrengthOf(model.options, count));
    system.Solve(RowOf(step.factors, row), step.bias.empty() ? nullptr : &step.bias[row]);
    if (budget.Spend(RowCost(count, model.Stride()))) break;
  }
  return next == side.RowCount();
}

}  // namespace

Als::Als(const Ratings& ratings, const Options& options)
    : ratings_(ratings), system_(StrideOf(options.model.factors), options.model.biases) {}

bool Als::Work(int /*epoch*/, Model& model, Budget& budget) {
  if (!SolveItems(model, budget) || !SolveUsers(model, budget)) return false;
  next_item_ = 0;
  next_user_ = 0;
  return true;
}

bool Als::SolveItems(Model& model, Budget& budget) {
  const HalfStep step{model.item_factors, model.item_bias, model.user_factors, model.user_bias};
  return SolveRows(ratings_.ByItem(), step, model, system_, targets_, next_item_, budget);
}

bool Als::SolveUsers(Model& model, Budget& budget) {
  const HalfStep step{model.user_factors, model.user_bias, model.item_factors, model.item_bias};
  return SolveRows(ratings_.ByUser(), step, model, system_, targets_, next_user_, budget);
}

}  // namespace matfac
