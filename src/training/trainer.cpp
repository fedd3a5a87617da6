#include "training/trainer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "base/budget.h"
#include "base/errors.h"
#include "base/parallel.h"
#include "model/option_table.h"
#include "model/score_bound.h"
#include "model/solver_traits.h"
#include "ranking/metrics.h"
#include "ranking/ranking_pass.h"
#include "rows/implicit_ridge.h"
#include "solvers/learning_rate.h"
#include "solvers/solver.h"
#include "training/data_defaults.h"
#include "training/objective.h"

namespace matfac {
namespace {

/// Validation ratings between two checks of the budget.
constexpr std::size_t kChunk = 16'384;
/// The places of the NDCG that validates implicit feedback.
constexpr int kValidationPlaces = 10;
/// A browser's clock may not advance during a short epoch.
constexpr double kClockTick = 1e-6;
/// Of a rating, and of a standard deviation: float32 holds their squares, and the quotients of squares.
constexpr double kLargestRating = 1e15;
constexpr double kLeastDeviation = 1e-15;
/// A regularization above it is not too small but too large.
constexpr double kLargeRegularization = 1e10;

void CheckSizes(const Ratings& ratings, bool of_ratings) {
  const double largest = DistancesFrom(ratings, 0.0).largest;
  if (!(largest <= kLargestRating)) {
    ThrowInvalid("a rating must be at most {} in size; it is {}", {kLargestRating, largest});
  }
  if (of_ratings && !(ratings.Deviation() >= kLeastDeviation)) {
    ThrowInvalid("the standard deviation of the ratings must be {} or more; it is {}",
                 {kLeastDeviation, ratings.Deviation()});
  }
}

Options Resolve(Options options, const Ratings& ratings, const ValidationRatings& validation,
                const std::optional<WarmStart>& start) {
  Validate(options);
  if (ratings.IsStored() && !TraitsOf(options.model.solver).reads_stored) {
    const std::string able = SolverNames([](const SolverTraits& traits) { return traits.reads_stored; });
    ThrowInvalid("solver must be one of {} for stored ratings; it is '{}'", {able, SolverName(options.model.solver)});
  }
  if (IsImplicit(options.model.solver)) RequireWeights(options.model.solver, std::array{ratings.Minimum()});
  CheckSizes(ratings, !IsImplicit(options.model.solver));
  if (options.model.time != TimeKind::kNone && !ratings.HasTimes()) {
    const OptionRule& time = *FindOption("time");
    const auto asked = time.get(options);
    ThrowNotAllowed("time", "'none' for ratings without times", asked ? ValueText(time, *asked) : std::string());
  }
  if (options.training.patience > 0 && validation.values.empty()) {
    ThrowInvalid("patience must be 0 without validation ratings; it is {}", {options.training.patience});
  }
  if (start) FillOpen(start->model.options, options.model);
  FillFromData(ratings, options.model);
  ChooseOpen(ratings, options);
  if (start) {
    const OptionRule& epochs = *FindOption("epochs");
    if (start->epochs_done < 0 || start->epochs_done > epochs.range.most) {
      ThrowInvalid("warmStart.epochsDone must be a whole number from 0 to {}; it is {}",
                   {epochs.range.most, start->epochs_done});
    }
    options.training.epochs_done = start->epochs_done;
    options.training.epochs += start->epochs_done;
    Validate(options);
  }
  return options;
}

/// Those of a warm start stay where they are of as many columns; returns false where they do not.
bool StartWeights(const Features& features, Index width, FactorMatrix& weights) {
  if (weights.rows() == features.ColumnCount() && weights.cols() == width) return true;
  weights = FactorMatrix::Zero(features.ColumnCount(), width);
  return false;
}

Model FirstModel(const Ratings& ratings, const Options& options, const std::optional<WarmStart>& start,
                 const SideFeatures& features) {
  Model model =
      start ? StartingModel(ratings, options, *start) : InitialModel(ratings, options.model, options.training.seed);
  if (!TraitsOf(options.model.solver).reads_features) return model;
  const Index width = (options.model.factors + 1) * options.model.samples;
  const bool of_users = StartWeights(features.users, width, model.user_feature_weights);
  const bool of_items = StartWeights(features.items, width, model.item_feature_weights);
  if (!of_users || !of_items) model.feature_ridges.clear();
  if (!options.model.preference) return model;
  StartWeights(features.users, StrideOf(options.model.preference_factors), model.user_feature_liked);
  StartWeights(features.items, StrideOf(options.model.preference_factors), model.item_feature_liked);
  return model;
}

void CheckValidation(const ValidationRatings& validation, const Model& model) {
  CheckLengths(
      {.users = validation.users, .items = validation.items, .values = validation.values, .times = validation.times});
  for (std::size_t i = 0; i < validation.values.size(); ++i) {
    if (validation.users[i] != kUnknown) model.CheckUser(validation.users[i]);
    if (validation.items[i] != kUnknown) model.CheckItem(validation.items[i]);
    if (!std::isfinite(validation.values[i])) {
      ThrowInvalid("validation rating {} must be a finite number; it is {}", {i, validation.values[i]});
    }
    if (!validation.times.empty() && !std::isfinite(validation.times[i])) {
      ThrowInvalid("time of validation rating {} must be a finite number; it is {}", {i, validation.times[i]});
    }
  }
}

[[noreturn]] void ThrowDiverged(const Options& options, int epoch) {
  const auto change = [&](std::string_view option, bool larger, double value) {
    ThrowDivergence("{} must be {}; it is {}, and the loss diverges in epoch {}",
                    {option, larger ? "larger" : "smaller", value, epoch});
  };
  const double regularization = options.model.regularization;
  const double of_biases = options.model.biases ? options.model.BiasRegularization() : 0.0;
  const bool is_large = std::max(regularization, of_biases) > kLargeRegularization;
  const std::optional<double> rate = options.training.learning_rate;
  if (rate && HasLearningRate(options.model.solver) && !is_large) change("learningRate", false, *rate);
  if (is_large && of_biases > regularization) change("biasRegularization", false, of_biases);
  if (Reads(TraitsOf(options.model.solver), OptionId::kRegularization)) {
    change("regularization", !is_large, regularization);
  }
  ThrowDivergence("ratings must give a finite loss; it diverges in epoch {}", {epoch});
}

}  // namespace

/// The solver, the model, and the state of the current epoch.
class Trainer::Training {
 public:
  Training(std::shared_ptr<const Ratings>&& ratings, const Options& options, ValidationRatings&& validation,
           const std::optional<WarmStart>& start, std::shared_ptr<const SideFeatures>&& features);

  std::optional<EpochReport> Advance(double seconds);
  bool Finished() const;
  const Model& Result() const { return copies_ ? best_ : model_; }
  int EpochsDone() const { return epoch_ - 1; }
  const Options& Resolved() const { return options_; }

 private:
  enum class Phase : std::uint8_t { kSolve, kMeasure, kValidate };

  std::optional<EpochReport> Work(double seconds);
  bool Measure(Budget& budget);
  std::unique_ptr<RankingPass> MakeRankingPass();
  bool Validate(Budget& budget);
  bool ValidateRatings(Budget& budget);
  EpochReport EndEpoch();
  void KeepModel();

  std::shared_ptr<const Ratings> ratings_;
  std::shared_ptr<const SideFeatures> features_;
  Options options_;
  ValidationRatings validation_;
  Workers workers_;
  std::unique_ptr<Solver> solver_;
  ObjectivePass objective_;
  Measured measured_;
  AccuracyPass accuracy_;
  UserTimes validation_times_;
  std::size_t next_validation_ = 0;
  std::unique_ptr<RankingPass> ranking_;  // only for validated implicit feedback
  Model model_;                           // of the current epoch
  bool copies_;                           // true while the result is a copy of it
  Model best_;
  Phase phase_ = Phase::kSolve;
  int epoch_ = 1;
  int epochs_since_best_ = 0;
  bool converged_ = false;
  bool failed_ = false;  // in the middle of rows in a store, some of which were passed over
  double least_error_;
  double solve_seconds_ = 0.0;
};

Trainer::Training::Training(std::shared_ptr<const Ratings>&& ratings, const Options& options,
                            ValidationRatings&& validation, const std::optional<WarmStart>& start,
                            std::shared_ptr<const SideFeatures>&& features)
    : ratings_(std::move(ratings)),
      features_(features ? std::move(features) : std::make_shared<const SideFeatures>()),
      options_(Resolve(options, *ratings_, validation, start)),
      validation_(std::move(validation)),
      workers_(ratings_->IsStored() ? 1 : options.training.threads),
      solver_(MakeSolver(*ratings_, options_, workers_, *features_)),
      objective_(*ratings_, *features_, options_.model, workers_),
      model_(FirstModel(*ratings_, options_, start, *features_)),
      copies_(options.training.patience > 0 || !solver_->KeepsModelWhole()),
      best_(copies_ ? model_ : Model()),
      epoch_(options_.training.epochs_done + 1),
      least_error_(std::numeric_limits<double>::infinity()) {
  CheckValidation(validation_, model_);
  ranking_ = MakeRankingPass();
}

std::unique_ptr<RankingPass> Trainer::Training::MakeRankingPass() {
  if (!IsImplicit(options_.model.solver) || validation_.values.empty()) return nullptr;
  constexpr float kAll = -std::numeric_limits<float>::infinity();
  auto relevant =
      RelevantItems::From({.users = validation_.users, .items = validation_.items, .values = validation_.values}, kAll,
                          model_.UserCount(), model_.ItemCount());
  const auto excluded = [rated = ratings_](Index user) { return rated->ByUser().Row(user).others; };
  auto pass = std::make_unique<RankingPass>(std::move(relevant), excluded, RankingOptions{.k = kValidationPlaces},
                                            model_, workers_);
  if (pass->UserCount() > 0) return pass;
  ThrowInvalid(
      "validation must hold a user of the training ratings with an item that is not among this user's training "
      "ratings; it holds none");
}

bool Trainer::Training::Finished() const {
  const int patience = options_.training.patience;
  return epoch_ > options_.training.epochs || converged_ || (patience > 0 && epochs_since_best_ >= patience);
}

std::optional<EpochReport> Trainer::Training::Advance(double seconds) {
  if (Finished()) ThrowInvalid("the training is finished");
  if (failed_) ThrowInvalid("the training must not go on after an error; it had one");
  failed_ = ratings_->IsStored();
  auto report = Work(seconds);
  failed_ = false;
  return report;
}

std::optional<EpochReport> Trainer::Training::Work(double seconds) {
  Budget budget(seconds);
  if (phase_ == Phase::kSolve) {
    const auto start = std::chrono::steady_clock::now();
    const bool whole = solver_->Work(epoch_, model_, budget);
    solve_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!whole) return std::nullopt;
    objective_.Restart();
    phase_ = Phase::kMeasure;
  }
  if (phase_ == Phase::kMeasure) {
    if (!Measure(budget)) return std::nullopt;
    if (!std::isfinite(measured_.loss) || !FitsFloat(model_)) ThrowDiverged(options_, epoch_);
    accuracy_ = {};
    next_validation_ = 0;
    validation_times_ = UserTimes(model_);
    if (ranking_) ranking_->Restart();
    phase_ = Phase::kValidate;
  }
  if (!Validate(budget)) return std::nullopt;
  return EndEpoch();
}

bool Trainer::Training::Measure(Budget& budget) {
  if (const auto known = solver_->Measure()) {
    measured_ = *known;
    return true;
  }
  if (!objective_.Work(model_, budget)) return false;
  measured_ = {.loss = objective_.Loss() + solver_->WeightPenalty(), .train_rmse = objective_.Rmse()};
  return true;
}

bool Trainer::Training::Validate(Budget& budget) {
  if (ranking_) return ranking_->Advance(model_, budget.SecondsLeft());
  return IsImplicit(options_.model.solver) || ValidateRatings(budget);
}

bool Trainer::Training::ValidateRatings(Budget& budget) {
  while (next_validation_ < validation_.values.size()) {
    const std::size_t count = std::min(kChunk, validation_.values.size() - next_validation_);
    Triplets part{.users = std::span(validation_.users).subspan(next_validation_, count),
                  .items = std::span(validation_.items).subspan(next_validation_, count),
                  .values = std::span(validation_.values).subspan(next_validation_, count)};
    if (!validation_.times.empty()) part.times = std::span(validation_.times).subspan(next_validation_, count);
    accuracy_.Add(model_, part, validation_times_);
    next_validation_ += count;
    if (budget.Spend(static_cast<std::int64_t>(count) * model_.Stride())) break;
  }
  return next_validation_ == validation_.values.size();
}

EpochReport Trainer::Training::EndEpoch() {
  const double seconds = std::max(solve_seconds_, kClockTick);
  const EpochReport report{
      .epoch = epoch_,
      .epochs = options_.training.epochs,
      .loss = measured_.loss,
      .train_rmse = measured_.train_rmse,
      .validation_rmse = accuracy_.Result().rmse,
      .validation_ndcg = ranking_ ? ranking_->Result().ndcg : std::numeric_limits<double>::quiet_NaN(),
      .seconds = seconds,
      .ratings_per_second = static_cast<double>(ratings_->Size()) / seconds};
  const double error = ranking_ ? -report.validation_ndcg : report.validation_rmse;
  const bool is_best = options_.training.patience == 0 || error < least_error_;
  if (is_best) least_error_ = error;
  epochs_since_best_ = is_best ? 0 : epochs_since_best_ + 1;
  converged_ = solver_->HasConverged();
  ++epoch_;
  if (is_best && copies_) KeepModel();
  solve_seconds_ = 0.0;
  phase_ = Phase::kSolve;
  return report;
}

void Trainer::Training::KeepModel() {
  copies_ = !Finished();
  if (copies_) {
    best_ = model_;
  } else {
    // The last epoch's is itself the result: a copy would be the peak of memory.
    best_ = Model();
  }
}

Trainer::Trainer(std::shared_ptr<const Ratings> ratings, const Options& options, ValidationRatings validation,
                 const std::optional<WarmStart>& start, std::shared_ptr<const SideFeatures> features)
    : training_(
          std::make_unique<Training>(std::move(ratings), options, std::move(validation), start, std::move(features))) {}

Trainer::Trainer(Trainer&& other) noexcept = default;
Trainer& Trainer::operator=(Trainer&& other) noexcept = default;
Trainer::~Trainer() = default;

EpochReport Trainer::Step() {
  while (true) {
    if (const auto report = Advance(std::numeric_limits<double>::infinity())) return *report;
  }
}

std::optional<EpochReport> Trainer::Advance(double seconds) { return training_->Advance(seconds); }
bool Trainer::Finished() const { return training_->Finished(); }
const Model& Trainer::Result() const { return training_->Result(); }
int Trainer::EpochsDone() const { return training_->EpochsDone(); }
const Options& Trainer::Resolved() const { return training_->Resolved(); }

}  // namespace matfac
