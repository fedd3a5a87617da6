#include "solvers/bayesian/bayesian_ordinal.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/kernels.h"
#include "base/normal.h"
#include "base/portable_math.h"
#include "base/random.h"
#include "base/random_streams.h"
#include "model/ordinal.h"

namespace matfac {
namespace {

/// Multiply-adds that a latent value costs, about.
constexpr std::int64_t kValueCost = 128;
/// The table of expected ratings: points per σ, and how many σ it goes beyond the cut points.
constexpr double kTableSteps = 64.0;
constexpr double kTableMargin = 6.0;
constexpr double kLongestTable = 65'536.0;

/// More would not bring cut points nearer.
constexpr int kSettlingSweeps = 20;
constexpr int kSweepsPerDraw = 4;

}  // namespace

CutMove CutMoveOf(int sweep, int burn_in) {
  if (sweep <= std::min(burn_in, kSettlingSweeps)) return CutMove::kSettle;
  return sweep % kSweepsPerDraw == 0 ? CutMove::kDraw : CutMove::kKeep;
}

BayesianOrdinal::BayesianOrdinal(const Ratings& ratings, const Options& options, double deviation)
    : ratings_(ratings),
      seed_(options.training.seed),
      deviation_(deviation),
      cuts_(ratings, options, deviation),
      in_levels_(ratings.Size()),
      in_items_(ratings.Size()),
      scores_(ratings.Size()),
      roots_(ratings.Size()),
      by_user_(ratings.Size()),
      by_item_(ratings.Size()),
      fits_(ratings.UserCount()),
      blocks_(ratings.ByUser(), [](Offset count) { return static_cast<std::int64_t>(count) * kValueCost; }) {
  // An item's ratings are by ascending user.
  std::vector<Offset> next_of_item(ratings.ItemCount());
  for (Index item = 0; item < ratings.ItemCount(); ++item) next_of_item[item] = ratings.ByItem().Begin(item);
  std::vector<Offset> next_of_level = cuts_.Begin();
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    const RatingsRow row = ratings.ByUser().Row(user);
    for (std::size_t j = 0; j < row.values.size(); ++j) {
      const Offset rating = ratings.ByUser().Begin(user) + static_cast<Offset>(j);
      in_levels_[rating] = static_cast<Index>(next_of_level[cuts_.LevelOf(row.values[j])]++);
      in_items_[rating] = static_cast<Index>(next_of_item[row.others[j]]++);
    }
  }
}

bool BayesianOrdinal::Draw(int epoch, CutMove move, const BayesianScores& given, Workers& workers, Budget& budget) {
  if (stage_ == Stage::kScores) {
    const auto score = [&](Index user, int /*worker*/) { Score(user, given); };
    if (!blocks_.ForEachRow(workers, budget, score)) return false;
    stage_ = Stage::kCuts;
  }
  if (stage_ == Stage::kCuts) {
    const bool settling = move == CutMove::kSettle;
    const OrderedScores scores{scores_, roots_};
    if (move != CutMove::kKeep && !cuts_.Draw(epoch, settling, given.level, scores, workers, budget)) return false;
    Tabulate();
    stage_ = Stage::kValues;
  }
  const auto draw = [&](Index user, int /*worker*/) { DrawValues(epoch, user); };
  if (!blocks_.ForEachRow(workers, budget, draw)) return false;
  stage_ = Stage::kScores;
  return true;
}

void BayesianOrdinal::Score(Index user, const BayesianScores& given) {
  const RatingsRow row = ratings_.ByUser().Row(user);
  const Offset begin = ratings_.ByUser().Begin(user);
  const auto stride = static_cast<int>(given.users.factors.cols());
  const bool biases = !given.users.bias.empty();
  const auto inverse = static_cast<float>(1.0 / deviation_);
  for (std::size_t j = 0; j < row.others.size(); ++j) {
    const Index item = row.others[j];
    float score = static_cast<float>(given.level) +
                  kernels::Dot(RowOf(given.users.factors, user), RowOf(given.items.factors, item), stride);
    if (biases) score += given.users.bias[user] + given.items.bias[item];
    if (given.days != nullptr) score += given.days->OfRating(begin + static_cast<Offset>(j));
    const Index place = in_levels_[begin + static_cast<Offset>(j)];
    scores_[place] = score;
    roots_[place] = std::sqrt(given.user_weights[user] * given.item_weights[item]) * inverse;
  }
}

void BayesianOrdinal::DrawValues(int epoch, Index user) {
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  constexpr double kLeast = 1e-300;
  const std::span<const float> values = ratings_.ByUser().Row(user).values;
  const Offset begin = ratings_.ByUser().Begin(user);
  const std::vector<float>& cuts = cuts_.Cuts();
  Random random(seed_, StreamOf(RandomUse::kBayesianLatents, epoch, user));
  Fit fit;
  for (std::size_t j = 0; j < values.size(); ++j) {
    const Offset rating = begin + static_cast<Offset>(j);
    const std::size_t level = cuts_.LevelOf(values[j]);
    const double score = scores_[in_levels_[rating]];
    const double root = roots_[in_levels_[rating]];
    const NormalStretch stretch(level == 0 ? -kEndless : (cuts[level - 1] - score) * root,
                                level == cuts.size() ? kEndless : (cuts[level] - score) * root);
    const auto drawn = static_cast<float>(score + stretch.Draw(random) / root);
    by_user_[rating] = drawn;
    by_item_[in_items_[rating]] = drawn;
    fit.loss -= Log(std::max(stretch.Probability(), kLeast));
    const double error = values[j] - Expected(score);
    fit.squares += error * error;
  }
  fits_[user] = fit;
}

void BayesianOrdinal::Tabulate() {
  const std::vector<float>& cuts = cuts_.Cuts();
  table_start_ = cuts.front() - kTableMargin * deviation_;
  const double width = cuts.back() + kTableMargin * deviation_ - table_start_;
  table_.resize(static_cast<std::size_t>(std::min(width / deviation_ * kTableSteps, kLongestTable)) + 2);
  table_step_ = width / static_cast<double>(table_.size() - 1);
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const double score = table_start_ + table_step_ * static_cast<double>(i);
    table_[i] =
        ExpectedRating({.levels = cuts_.Levels(), .cuts = cuts}, {.mean = score, .variance = deviation_ * deviation_});
  }
}

double BayesianOrdinal::Expected(double score) const {
  const auto last = static_cast<double>(table_.size() - 1);
  // 0 for NaN, of a training that diverges.
  const double place = std::max(0.0, std::min((score - table_start_) / table_step_, last - 1e-6));
  const auto i = static_cast<std::size_t>(place);
  return table_[i] + (place - static_cast<double>(i)) * (table_[i + 1] - table_[i]);
}

BayesianOrdinal::Fit BayesianOrdinal::Sum() const {
  Fit sum;
  for (const Fit& fit : fits_) {
    sum.loss += fit.loss;
    sum.squares += fit.squares;
  }
  return sum;
}

}  // namespace matfac
