#include "solvers/variational/variational.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/append.h"
#include "model/row_priors.h"

namespace matfac {
namespace {

/// Where every training starts; all of these are learned.
constexpr float kFirstNoisePrecision = 1.3F;
constexpr float kFirstBiasPrecision = 5.0F;
constexpr float kFirstVariance = 0.01F;
/// Before this epoch the rows do not tell yet what their preference says.
constexpr int kFirstEpochWithMeans = 3;
/// The vectors in who takes what settle before it.
constexpr int kFirstEpochToStopAt = 10;
constexpr double kTolerance = 1e-4;

std::int64_t RowCost(Offset count, int factors) {
  const MomentLayout layout(factors);
  return static_cast<std::int64_t>(count) * (layout.length + layout.head) + std::int64_t{factors} * factors * factors;
}

RowPrior FirstPrior(const ModelOptions& options, float factor_precision) {
  return {options.factors + 1, RowPriors::FeaturesOf(options), factor_precision, kFirstBiasPrecision};
}

}  // namespace

Variational::Variational(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features,
                         const PreferenceLayer* preference)
    : ratings_(ratings),
      factors_(options.model.factors),
      workers_(workers),
      preference_(preference),
      standard_{.mean = static_cast<float>(ratings.Mean()), .deviation = static_cast<float>(ratings.Deviation())},
      users_(ratings.ByUser(), features.users, factors_, FirstPrior(options.model, static_cast<float>(factors_)),
             workers.Count()),
      items_(ratings.ByItem(), features.items, factors_, FirstPrior(options.model, 1.0F), workers.Count()),
      noise_(ratings.ByUser(), kFirstNoisePrecision),
      scores_(workers.Count()),
      errors_(workers.Count()),
      item_blocks_(ratings.ByItem(), [this](Offset count) { return RowCost(count, factors_); }),
      user_blocks_(ratings.ByUser(), [this](Offset count) { return RowCost(count, factors_); }),
      expected_squares_(ratings.UserCount()),
      clipped_squares_(ratings.UserCount()),
      losses_(2, std::numeric_limits<float>::max()) {
  if (options.model.time == TimeKind::kNone) return;
  moods_ = std::make_unique<UserMoods>(ratings);
  users_.SetMoods(moods_->ByUser());
  items_.SetMoods(moods_->ByItem());
}

bool Variational::Work(int epoch, Model& model, Budget& budget) {
  if (stage_ == Stage::kStart) StartEpoch(epoch, model);
  while (WorkStage(budget)) {
    if (stage_ == Stage::kUserColumns) {
      EndEpoch(epoch, model);
      stage_ = Stage::kStart;
      return true;
    }
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
  }
  return false;
}

void Variational::StartEpoch(int epoch, const Model& model) {
  if (!started_ && (epoch == 1 || !ReadState(model))) {
    const FactorMatrix factors = model.user_factors / std::sqrt(standard_.deviation);
    std::vector<float> bias(model.user_bias);
    for (float& b : bias) b /= standard_.deviation;
    users_.Start(factors, bias, kFirstVariance);
    users_.Weigh([](Index /*user*/) { return kFirstNoisePrecision; });
    ReadWeights(model.user_feature_weights, users_);
    ReadWeights(model.item_feature_weights, items_);
  }
  started_ = true;
  if (preference_ != nullptr) {
    users_.SetPreference(preference_->TakenUsers());
    items_.SetPreference(preference_->TakenItems());
  }
  stage_ = Stage::kItems;
}

bool Variational::WorkStage(Budget& budget) {
  switch (stage_) {
    case Stage::kItems:
      return item_blocks_.ForEachRow(workers_, budget, [this](Index item, int worker) {
        items_.Improve(item, users_.Records(), standard_, 1.0F, worker);
      });
    case Stage::kUsers:
      return user_blocks_.ForEachRow(workers_, budget, [this](Index user, int worker) { SolveUser(user, worker); });
    case Stage::kMoods:
      return !moods_ || moods_->Learn(noise_, budget);
    case Stage::kClipped:
      return !moods_ || user_blocks_.ForEachRow(workers_, budget,
                                                [this](Index user, int worker) { SumClippedSquares(user, worker); });
    case Stage::kItemColumns:
      return items_.SumColumns(workers_, budget);
    case Stage::kUserColumns:
      return users_.SumColumns(workers_, budget);
    case Stage::kStart:
      break;
  }
  return true;
}

std::span<const float> Variational::ScoreRow(Index user, int worker) {
  const std::span<const Index> items = ratings_.ByUser().Row(user).others;
  std::vector<float>& scores = scores_[worker];
  scores.resize(StrideOf(static_cast<int>(items.size())));
  StandardScores(RowOf(users_.Records(), user), items_.Records(), items, MomentLayout(factors_), scores.data());
  return scores;
}

void Variational::SolveUser(Index user, int worker) {
  const auto sums = users_.Improve(user, items_.Records(), standard_, noise_.Precision(user), worker);
  expected_squares_[user] = users_.SquaredErrors(user, sums);
  if (!moods_) {
    SumClippedSquares(user, worker);
    return;
  }
  const RatingsRow row = ratings_.ByUser().Row(user);
  const RatingMoods moods = moods_->ByUser();
  const std::span<const float> scores = ScoreRow(user, worker);
  std::vector<float>& errors = errors_[worker];
  errors.resize(row.others.size());
  for (std::size_t j = 0; j < errors.size(); ++j) {
    errors[j] = standard_.Of(row.values[j]) - scores[j];
    // The squares so far are of ratings less their moods.
    const double mood = moods.Of(ratings_.ByUser().Begin(user) + static_cast<Offset>(j));
    expected_squares_[user] += mood * (2.0 * errors[j] - mood);
  }
  moods_->SetErrors(user, errors);
}

void Variational::SumClippedSquares(Index user, int worker) {
  const RatingsRow row = ratings_.ByUser().Row(user);
  const std::span<const float> scores = ScoreRow(user, worker);
  const RatingMoods moods = moods_ ? moods_->ByUser() : RatingMoods();
  const float least = standard_.Of(ratings_.Minimum());
  const float most = standard_.Of(ratings_.Maximum());
  double squares = 0.0;
  for (std::size_t j = 0; j < row.others.size(); ++j) {
    const float mood = moods.Of(ratings_.ByUser().Begin(user) + static_cast<Offset>(j));
    const float score = scores[j] + mood;
    const double error = standard_.Of(row.values[j]) - std::clamp(score, least, most);
    squares += error * error;
  }
  clipped_squares_[user] = squares;
}

void Variational::EndEpoch(int epoch, Model& model) {
  epochs_done_ = epoch;
  losses_[1] = losses_[0];
  double of_moods = 0.0;
  if (moods_) {
    moods_->AddSquaredErrors(noise_, expected_squares_);
    of_moods = moods_->FreeEnergy(noise_);
  }
  losses_[0] = static_cast<float>(of_moods + noise_.FreeEnergy(expected_squares_) + users_.RowFreeEnergy() +
                                  items_.RowFreeEnergy() + users_.PriorFreeEnergy() + items_.PriorFreeEnergy());
  const bool means = epoch >= kFirstEpochWithMeans;
  items_.LearnPrior(means);
  users_.LearnPrior(means);
  noise_.Learn(expected_squares_);
  users_.Weigh([this](Index user) { return noise_.Precision(user); });
  WriteModel(model);
}

void Variational::WriteRows(const VariationalSide& side, FactorMatrix& factors, std::vector<float>& bias,
                            FactorMatrix& variances) const {
  const float root = std::sqrt(standard_.deviation);
  variances = standard_.deviation * side.Variances();
  variances.col(factors_) *= standard_.deviation;
  for (Index row = 0; row < factors.rows(); ++row) {
    const float* m = side.Means(row);
    for (int f = 0; f < factors_; ++f) factors(row, f) = root * m[f];
    bias[row] = standard_.deviation * m[factors_];
  }
}

void Variational::WriteWeights(const VariationalSide& side, FactorMatrix& weights) const {
  if (side.Slopes() == nullptr) return;
  weights = std::sqrt(standard_.deviation) * side.Slopes()->Weights().leftCols(factors_ + 1);
  weights.col(factors_) *= std::sqrt(standard_.deviation);
}

void Variational::ReadWeights(const FactorMatrix& weights, VariationalSide& side) const {
  if (side.Slopes() == nullptr) return;
  FactorMatrix padded = FactorMatrix::Zero(weights.rows(), StrideOf(factors_ + 1));
  padded.leftCols(factors_ + 1) = weights / std::sqrt(standard_.deviation);
  padded.col(factors_) /= std::sqrt(standard_.deviation);
  side.Slopes()->SetWeights(padded);
}

void Variational::WriteModel(Model& model) {
  WriteRows(users_, model.user_factors, model.user_bias, model.user_variances);
  WriteRows(items_, model.item_factors, model.item_bias, model.item_variances);
  WriteWeights(users_, model.user_feature_weights);
  WriteWeights(items_, model.item_feature_weights);
  model.posterior.user_noise.resize(ratings_.UserCount());
  for (Index user = 0; user < ratings_.UserCount(); ++user) {
    model.posterior.user_noise[user] = standard_.deviation * standard_.deviation / noise_.Precision(user);
  }
  model.row_priors = {1.0F / noise_.CommonPrecision()};
  for (const VariationalSide* const side : {&users_, &items_}) {
    for (const auto part : {side->Prior().Precisions(), side->Prior().Weights()}) {
      model.row_priors.insert(model.row_priors.end(), part.begin(), part.end());
    }
  }
  if (moods_) moods_->AddTo(noise_, standard_.deviation, model);
  model.state.clear();
  Append(State(), model.state);
}

std::vector<std::span<float>> Variational::State() {
  std::vector<std::span<float>> state{losses_, users_.MutableRecords()};
  users_.MutablePrior().AddTo(state);
  items_.MutablePrior().AddTo(state);
  noise_.AddTo(state);
  for (VariationalSide* const side : {&users_, &items_}) {
    if (side->Slopes() != nullptr) side->Slopes()->AddTo(state);
  }
  if (moods_) moods_->AddTo(state);
  return state;
}

bool Variational::ReadState(const Model& model) {
  const std::vector<std::span<float>> state = State();
  std::size_t length = 0;
  for (const auto part : state) length += part.size();
  if (model.state.size() != length) return false;
  const float* from = model.state.data();
  for (const auto part : state) {
    std::copy_n(from, part.size(), part.begin());
    from += part.size();
  }
  for (VariationalSide* const side : {&users_, &items_}) {
    if (side->Slopes() != nullptr) side->Slopes()->Continue();
  }
  if (moods_) moods_->SumEffects();
  return true;
}

std::optional<Measured> Variational::Measure() const {
  const double squares = std::accumulate(clipped_squares_.begin(), clipped_squares_.end(), 0.0);
  return Measured{.loss = losses_[0],
                  .train_rmse = standard_.deviation * std::sqrt(squares / static_cast<double>(ratings_.Size()))};
}

bool Variational::HasConverged() const {
  return epochs_done_ >= kFirstEpochToStopAt &&
         losses_[1] - losses_[0] < kTolerance * static_cast<double>(ratings_.Size());
}

}  // namespace matfac
