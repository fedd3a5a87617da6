#include "solvers/implicit_als.h"

#include <algorithm>
#include <limits>

#include "base/kernels.h"

namespace matfac {
namespace {

/// From this number on conjugate gradient reaches the same loss at a lower cost.
constexpr int kManyFactors = 8;

std::int64_t RowCost(Sweep sweep, Offset count, std::int64_t stride) {
  // Fetching a row from anywhere in memory takes about the time of this many multiply-adds for each factor.
  constexpr std::int64_t kFetch = 5;
  if (sweep == Sweep::kConjugateGradient) return ((5 + kFetch) * count + 5 * stride) * stride;
  if (sweep == Sweep::kBlocks) return ((9 + kFetch) * count + 2 * stride) * stride;
  return (count + stride / 3) * stride * (stride + 4) / 2;
}

}  // namespace

ImplicitAls::ImplicitAls(const Ratings& ratings, const Options& options, Workers& workers,
                         const SideFeatures& /*features*/)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      scratch_(workers.Count(), {.ridge = ImplicitRidge(StrideOf(options.model.factors)),
                                 .gradient = ConjugateGradient(StrideOf(options.model.factors)),
                                 .descent = BlockDescent(StrideOf(options.model.factors))}),
      schedule_(ratings, options, kManyFactors, RowCost),
      users_{.gram = Gram(StrideOf(options.model.factors)),
             .preconditioner = Preconditioner(StrideOf(options.model.factors))},
      items_(users_),
      item_loss_(ratings.ItemCount()),
      user_loss_(ratings.UserCount()) {}

bool ImplicitAls::Work(int epoch, Model& model, Budget& budget) {
  schedule_.Resume(epoch, model);
  while (WorkPhase(model, budget)) {
    if (schedule_.Next(model)) return true;
  }
  return false;
}

bool ImplicitAls::WorkPhase(Model& model, Budget& budget) {
  const Sweep sweep = schedule_.CurrentSweep();
  const auto solve = [&](const HalfStep& step, std::vector<RowLoss>& loss) {
    return schedule_.Rows().ForEachRow(
        workers_, budget, [&](Index row, int worker) { loss[row] = SolveRow(step, row, scratch_[worker]); });
  };
  switch (schedule_.Current()) {
    case Phase::kUserPreconditioner:
      return Precondition(users_, model.UserCount(), sweep, budget);
    case Phase::kItems:
      return solve({model, ratings_.ByItem(), model.item_factors, model.user_factors, users_, sweep, false},
                   item_loss_);
    case Phase::kItemGram:
      return items_.gram.Work(model.item_factors, workers_, budget);
    case Phase::kItemPreconditioner:
      return Precondition(items_, model.ItemCount(), sweep, budget);
    case Phase::kUsers:
      return solve({model, ratings_.ByUser(), model.user_factors, model.item_factors, items_, sweep, true}, user_loss_);
    case Phase::kFirstUserGram:
    case Phase::kUserGram:
      break;
  }
  return users_.gram.Work(model.user_factors, workers_, budget);
}

bool ImplicitAls::Precondition(FixedSide& side, Index rows, Sweep sweep, Budget& budget) {
  if (sweep != Sweep::kConjugateGradient) return true;
  const auto regularization = static_cast<float>(options_.model.regularization * rows);
  return side.preconditioner.Work(side.gram.Data(), regularization, workers_, budget);
}

ImplicitAls::RowLoss ImplicitAls::SolveRow(const HalfStep& step, Index row, Scratch& scratch) const {
  const int stride = static_cast<int>(step.factors.cols());
  const RatingsRow ratings = step.side.Row(row);
  const auto others = static_cast<Index>(step.other_factors.rows());
  const std::span<const Index> items = &step.side == &ratings_.ByItem() ? std::span(&row, 1) : ratings.others;
  const float regularization =
      WeighRow(step.model, {.items = items, .ratings = ratings.values}, others, scratch.weights);
  const ImplicitRow problem{.others = step.other_factors,
                            .gram = step.fixed.gram.Data(),
                            .observed = ratings.others,
                            .weights = scratch.weights,
                            .regularization = regularization};
  float* x = RowOf(step.factors, row);
  const double observed = Solve(problem, step, scratch, x);
  return {.observed = observed, .penalty = static_cast<double>(regularization) * kernels::Dot(x, x, stride)};
}

double ImplicitAls::Solve(const ImplicitRow& row, const HalfStep& step, Scratch& scratch, float* x) {
  if (row.observed.empty()) {
    std::fill_n(x, row.others.cols(), 0.0F);
    return 0.0;
  }
  if (step.sweep == Sweep::kConjugateGradient) {
    return scratch.gradient.Improve(row, step.fixed.preconditioner.Data(), x);
  }
  if (step.sweep == Sweep::kBlocks) return scratch.descent.Improve(row, x);
  scratch.ridge.Build(row);
  scratch.ridge.Solve(x);
  return step.measured ? ObservedLoss(row, x) : 0.0;
}

std::optional<Measured> ImplicitAls::Measure() const {
  double sum = users_.gram.Dot(items_.gram);
  for (const RowLoss& user : user_loss_) sum += user.observed + user.penalty;
  for (const RowLoss& item : item_loss_) sum += item.penalty;
  return Measured{.loss = 0.5 * sum, .train_rmse = std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace matfac
