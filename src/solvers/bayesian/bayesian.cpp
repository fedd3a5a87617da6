#include "solvers/bayesian/bayesian.h"

#include <algorithm>
#include <cmath>

#include "base/append.h"
#include "base/errors.h"
#include "model/ordinal.h"

namespace matfac {
namespace {

constexpr BayesianUses kUserUses = {.prior = RandomUse::kBayesianUserPrior, .rows = RandomUse::kBayesianUsers};
constexpr BayesianUses kItemUses = {.prior = RandomUse::kBayesianItemPrior, .rows = RandomUse::kBayesianItems};
constexpr BayesianUses kUserImplicitUses = {.prior = RandomUse::kBayesianUserImplicitPrior,
                                            .rows = RandomUse::kBayesianUserImplicit};
constexpr BayesianUses kItemImplicitUses = {.prior = RandomUse::kBayesianItemImplicitPrior,
                                            .rows = RandomUse::kBayesianItemImplicit};
constexpr BayesianUses kUserFeatureUses = {.prior = RandomUse::kBayesianUserFeaturePrior,
                                           .rows = RandomUse::kBayesianUserFeatures};
constexpr BayesianUses kItemFeatureUses = {.prior = RandomUse::kBayesianItemFeaturePrior,
                                           .rows = RandomUse::kBayesianItemFeatures};

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

std::optional<BayesianDays> DaysOf(const Ratings& ratings, const Options& options, double variance) {
  const TimeKind time = options.model.time;
  if (time == TimeKind::kNone) return std::nullopt;
  if (time == TimeKind::kMood) {
    ThrowInvalid("time must be 'none', 'days' or 'all' with the solver 'bayesian'; it is 'mood'");
  }
  if (!options.model.biases) ThrowInvalid("biases must be true for the time of ratings; it is false");
  return std::make_optional<BayesianDays>(ratings, options, std::sqrt(variance));
}

std::optional<BayesianOrdinal> OrdinalOf(const Ratings& ratings, const Options& options, double variance) {
  if (!IsOrdinal(options.model)) return std::nullopt;
  return std::make_optional<BayesianOrdinal>(ratings, options, std::sqrt(variance));
}

}  // namespace

std::vector<BayesianTerms*> Bayesian::Terms::All() {
  std::vector<BayesianTerms*> all;
  if (implicit) all.push_back(&*implicit);
  if (features) all.push_back(&*features);
  return all;
}

Bayesian::Bayesian(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features)
    : Bayesian(ratings, options, workers, features, ratings.Deviation() * ratings.Deviation()) {}

Bayesian::Bayesian(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features,
                   double variance)
    : ratings_(ratings),
      options_(options),
      workers_(workers),
      variance_(variance),
      first_epoch_(options.training.epochs_done),
      schedule_(options.training.epochs - options.training.epochs_done, options.model.samples),
      days_(DaysOf(ratings, options, variance_)),
      ordinal_(OrdinalOf(ratings, options, variance_)),
      users_(BayesianSide::Kind::kUsers, ratings, options, ScaleOf(variance_),
             options.model.implicit_terms != ImplicitTerms::kNone || !features.users.IsEmpty(), kUserUses,
             workers.Count(), days_ ? &*days_ : nullptr, ordinal_ ? &*ordinal_ : nullptr),
      items_(BayesianSide::Kind::kItems, ratings, options, ScaleOf(variance_),
             options.model.implicit_terms == ImplicitTerms::kBoth || !features.items.IsEmpty(), kItemUses,
             workers.Count(), days_ ? &*days_ : nullptr, ordinal_ ? &*ordinal_ : nullptr) {
  MakeTerms(features);
}

void Bayesian::MakeTerms(const SideFeatures& features) {
  const PriorScale scale = ScaleOf(variance_);
  const ImplicitTerms implicit = options_.model.implicit_terms;
  if (implicit != ImplicitTerms::kNone) {
    user_terms_.implicit.emplace(ratings_.ByUser(), ratings_.ByItem(), options_, scale, kUserImplicitUses);
  }
  if (implicit == ImplicitTerms::kBoth) {
    item_terms_.implicit.emplace(ratings_.ByItem(), ratings_.ByUser(), options_, scale, kItemImplicitUses);
  }
  if (!features.users.IsEmpty()) user_terms_.features.emplace(features.users, options_, scale, kUserFeatureUses);
  if (!features.items.IsEmpty()) item_terms_.features.emplace(features.items, options_, scale, kItemFeatureUses);
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
  stage_ = ordinal_ && epoch == options_.training.epochs_done + 1 ? Stage::kFirstValues : Stage::kItems;
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
  if (ordinal_) ordinal_->Start(given_.level);
}

void Bayesian::DrawNoise(int epoch) {
  if (ordinal_) {
    given_.noise_precision = 1.0 / variance_;
    return;
  }
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
    case Stage::kFirstValues:
      if (!DrawValues(epoch - 1, CutMove::kKeep, budget)) return false;
      stage_ = Stage::kItems;
      return true;
    case Stage::kItems:
      if (!items_.DrawRows(users_, given_, workers_, budget)) return false;
      stage_ = Stage::kItemTerms;
      return true;
    case Stage::kItemTerms:
      if (!DrawTerms(item_terms_, items_, budget)) return false;
      if (days_) days_->DrawPrior(epoch);
      users_.DrawPrior(epoch);
      stage_ = Stage::kUsers;
      return true;
    case Stage::kUsers:
      if (!users_.DrawRows(items_, given_, workers_, budget)) return false;
      errors_ = users_.Errors();
      stage_ = Stage::kUserTerms;
      return true;
    case Stage::kUserTerms:
      if (!DrawTerms(user_terms_, users_, budget)) return false;
      stage_ = Stage::kValues;
      return true;
    case Stage::kValues:
      if (!DrawValues(epoch, CutMoveOf(epoch - first_epoch_, schedule_.BurnIn()), budget)) return false;
      stage_ = Stage::kStart;
      return true;
    case Stage::kStart:
      break;
  }
  return true;
}

bool Bayesian::DrawTerms(Terms& terms, BayesianSide& side, Budget& budget) {
  const std::vector<BayesianTerms*> all = terms.All();
  for (; next_terms_ < all.size(); ++next_terms_) {
    if (!all[next_terms_]->Draw(given_.epoch, side, workers_, budget)) return false;
  }
  next_terms_ = 0;
  return true;
}

bool Bayesian::DrawValues(int epoch, CutMove move, Budget& budget) {
  if (!ordinal_) return true;
  const BayesianScores given{.users = users_.Rows(),
                             .items = items_.Rows(),
                             .user_weights = users_.Weights(),
                             .item_weights = items_.Weights(),
                             .days = days_ ? &*days_ : nullptr,
                             .level = given_.level};
  return ordinal_->Draw(epoch, move, given, workers_, budget);
}

void Bayesian::Keep(Model& model) {
  const auto measured = Measure();
  if (!measured || !std::isfinite(measured->loss)) return;
  const int slot =
      std::min(schedule_.SlotOf(given_.epoch - first_epoch_), static_cast<int>(model.posterior.samples.size()));
  if (days_ && slot != SampleSchedule::kNotKept) days_->AddToMeans(slot);
  WriteState(model);
  if (slot == SampleSchedule::kNotKept) return;
  const auto prior_of = [](const BayesianSide& side, const Terms& terms) {
    return terms.features ? terms.features->WithUnknown(side.Prior()) : side.Prior();
  };
  WriteSample({.users = users_,
               .items = items_,
               .user_prior = prior_of(users_, user_terms_),
               .item_prior = prior_of(items_, item_terms_),
               .item_implicit = user_terms_.implicit ? &user_terms_.implicit->Rows() : nullptr,
               .user_features = user_terms_.features ? &*user_terms_.features : nullptr,
               .item_features = item_terms_.features ? &*item_terms_.features : nullptr,
               .days = days_ ? &*days_ : nullptr,
               .ordinal = ordinal_ ? &*ordinal_ : nullptr,
               .level = given_.level,
               .noise_precision = given_.noise_precision},
              slot, workers_, model);
}

std::vector<std::span<float>> Bayesian::Chain() {
  std::vector<std::span<float>> chain;
  users_.AddTo(chain);
  items_.AddTo(chain);
  for (Terms* const terms : {&user_terms_, &item_terms_}) {
    for (BayesianTerms* const part : terms->All()) part->Rows().AddTo(chain);
  }
  if (days_) days_->AddTo(chain);
  if (ordinal_) ordinal_->AddTo(chain);
  return chain;
}

void Bayesian::WriteState(Model& model) {
  std::vector<float>& state = model.state;
  state = {static_cast<float>(options_.training.epochs), static_cast<float>(first_epoch_)};
  for (const double number : {given_.level, errors_.weight, errors_.weighted_sum, errors_.weighted_squares}) {
    AddDouble(number, state);
  }
  Append(Chain(), state);
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
  if (ordinal_) {
    const BayesianOrdinal::Fit fit = ordinal_->Sum();
    return Measured{.loss = fit.loss, .train_rmse = std::sqrt(fit.squares / static_cast<double>(ratings_.Size()))};
  }
  return Measured{.loss = 0.5 * errors_.squares,
                  .train_rmse = std::sqrt(errors_.clipped_squares / static_cast<double>(ratings_.Size()))};
}

}  // namespace matfac
