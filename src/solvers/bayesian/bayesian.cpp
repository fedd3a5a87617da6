#include "solvers/bayesian/bayesian.h"

#include <algorithm>
#include <cmath>

namespace matfac {
namespace {

constexpr BayesianUses kUserUses = {.prior = RandomUse::kBayesianUserPrior, .rows = RandomUse::kBayesianUsers};
constexpr BayesianUses kItemUses = {.prior = RandomUse::kBayesianItemPrior, .rows = RandomUse::kBayesianItems};
constexpr BayesianUses kUserImplicitUses = {.prior = RandomUse::kBayesianUserImplicitPrior,
                                            .rows = RandomUse::kBayesianUserImplicit};
constexpr BayesianUses kItemImplicitUses = {.prior = RandomUse::kBayesianItemImplicitPrior,
                                            .rows = RandomUse::kBayesianItemImplicit};

/// The noise is at least a hundredth of the ratings' standard deviation: float32 cannot resolve less.
constexpr double kGreatestPrecision = 1e4;

/// Appends a double as three floats with its sum.
void AddDouble(double number, std::vector<float>& floats) {
  for (int part = 0; part < 3; ++part) {
    floats.push_back(static_cast<float>(number));
    number -= floats.back();
  }
}

double DoubleAt(const float* parts) { return static_cast<double>(parts[0]) + parts[1] + parts[2]; }

/// Two whole numbers and four doubles.
constexpr std::size_t kHeaderLength = 2 + 4 * 3;

/// A bias has the scale of the ratings, and so has the product of two factors.
PriorScale ScaleOf(double variance) { return {.factors = std::sqrt(std::sqrt(variance)), .bias = std::sqrt(variance)}; }

}  // namespace

Bayesian::Bayesian(const Ratings& ratings, const Options& options, Workers& workers)
    : Bayesian(ratings, options, workers, ratings.Deviation() * ratings.Deviation()) {}

Bayesian::Bayesian(const Ratings& ratings, const Options& options, Workers& workers, double variance)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      variance_(variance),
      first_epoch_(options.training.epochs_done),
      schedule_(options.training.epochs - options.training.epochs_done, options.model.samples),
      users_(BayesianSide::Kind::kUsers, ratings, options, ScaleOf(variance_),
             options.model.implicit_terms != ImplicitTerms::kNone, kUserUses, workers.Count()),
      items_(BayesianSide::Kind::kItems, ratings, options, ScaleOf(variance_),
             options.model.implicit_terms == ImplicitTerms::kBoth, kItemUses, workers.Count()) {
  if (options.model.implicit_terms != ImplicitTerms::kNone) {
    user_implicit_.emplace(ratings.ByUser(), ratings.ByItem(), options, ScaleOf(variance_), kUserImplicitUses);
  }
  if (options.model.implicit_terms == ImplicitTerms::kBoth) {
    item_implicit_.emplace(ratings.ByItem(), ratings.ByUser(), options, ScaleOf(variance_), kItemImplicitUses);
  }
}

bool Bayesian::Work(int epoch, Model& model, Budget& budget) {
  if (stage_ == Stage::kStart) StartEpoch(epoch, model);
  while (stage_ != Stage::kStart) {
    if (!WorkStage(budget)) return false;
  }
  Keep(model);
  return true;
}

void Bayesian::StartEpoch(int epoch, const Model& model) {
  given_.epoch = epoch;
  if (epoch == options_.training.epochs_done + 1) {
    StartTraining(epoch, model);
  } else {
    DrawNoise(epoch);
  }
  items_.DrawPrior(epoch);
  stage_ = Stage::kItems;
}

void Bayesian::StartTraining(int epoch, const Model& model) {
  users_.Start(model.user_factors, model.user_bias);
  items_.Start(model.item_factors, model.item_bias);
  if (ReadState(model)) {
    DrawNoise(epoch);
    return;
  }
  given_.level = model.Baseline();
  given_.noise_precision = 1.0 / variance_;
}

void Bayesian::DrawNoise(int epoch) {
  Random random(options_.training.seed, StreamOf(RandomUse::kBayesianNoise, epoch, 0));
  const auto count = static_cast<double>(ratings_.Size());
  const double drawn = random.Gamma(1.0 + 0.5 * count) / (variance_ + 0.5 * errors_.weighted_squares);
  given_.noise_precision = std::min(drawn, kGreatestPrecision / variance_);
  if (options_.model.biases) {
    given_.level +=
        errors_.weighted_sum / errors_.weight + random.Normal() / std::sqrt(given_.noise_precision * errors_.weight);
  }
}

bool Bayesian::WorkStage(Budget& budget) {
  const int epoch = given_.epoch;
  switch (stage_) {
    case Stage::kItems:
      if (!items_.DrawRows(users_, given_, workers_, budget)) return false;
      if (item_implicit_) item_implicit_->DrawPrior(epoch);
      stage_ = Stage::kItemImplicit;
      return true;
    case Stage::kItemImplicit:
      if (item_implicit_ && !item_implicit_->Draw(epoch, items_, workers_, budget)) return false;
      users_.DrawPrior(epoch);
      stage_ = Stage::kUsers;
      return true;
    case Stage::kUsers:
      if (!users_.DrawRows(items_, given_, workers_, budget)) return false;
      errors_ = users_.Errors();
      if (user_implicit_) user_implicit_->DrawPrior(epoch);
      stage_ = Stage::kUserImplicit;
      return true;
    case Stage::kUserImplicit:
      if (user_implicit_ && !user_implicit_->Draw(epoch, users_, workers_, budget)) return false;
      stage_ = Stage::kStart;
      return true;
    case Stage::kStart:
      break;
  }
  return true;
}

void Bayesian::Keep(Model& model) {
  if (!std::isfinite(errors_.squares)) return;
  WriteState(model);
  const int slot =
      std::min(schedule_.SlotOf(given_.epoch - first_epoch_), static_cast<int>(model.posterior.samples.size()));
  if (slot == SampleSchedule::kNotKept) return;
  WriteSample({.users = users_,
               .items = items_,
               .item_implicit = user_implicit_ ? &user_implicit_->Rows() : nullptr,
               .level = given_.level,
               .noise_precision = given_.noise_precision},
              slot, workers_, model);
}

std::vector<std::span<float>> Bayesian::Chain() {
  std::vector<std::span<float>> chain;
  users_.AddTo(chain);
  items_.AddTo(chain);
  if (user_implicit_) user_implicit_->Rows().AddTo(chain);
  if (item_implicit_) item_implicit_->Rows().AddTo(chain);
  return chain;
}

void Bayesian::WriteState(Model& model) {
  std::vector<float>& state = model.state;
  state = {static_cast<float>(options_.training.epochs), static_cast<float>(first_epoch_)};
  for (const double number : {given_.level, errors_.weight, errors_.weighted_sum, errors_.weighted_squares}) {
    AddDouble(number, state);
  }
  for (const std::span<float> part : Chain()) state.insert(state.end(), part.begin(), part.end());
}

bool Bayesian::ReadState(const Model& model) {
  const std::vector<std::span<float>> chain = Chain();
  std::size_t length = kHeaderLength;
  for (const std::span<float> part : chain) length += part.size();
  if (model.state.size() != length) return false;
  const float* from = model.state.data();
  if (!model.posterior.samples.empty()) {
    first_epoch_ = static_cast<int>(std::clamp(from[1], 0.0F, static_cast<float>(first_epoch_)));
    schedule_ = SampleSchedule(options_.training.epochs - first_epoch_, options_.model.samples);
  }
  given_.level = DoubleAt(from + 2);
  errors_.weight = DoubleAt(from + 5);
  errors_.weighted_sum = DoubleAt(from + 8);
  errors_.weighted_squares = DoubleAt(from + 11);
  from += kHeaderLength;
  for (const std::span<float> part : chain) {
    std::copy_n(from, part.size(), part.data());
    from += part.size();
  }
  return true;
}

std::optional<Measured> Bayesian::Measure() const {
  return Measured{.loss = 0.5 * errors_.squares,
                  .train_rmse = std::sqrt(errors_.clipped_squares / static_cast<double>(ratings_.Size()))};
}

}  // namespace matfac
