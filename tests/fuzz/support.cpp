#include "support.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "fold_in/uncertainty.h"
#include "model/option_table.h"
#include "model/score_bound.h"
#include "model/solver_traits.h"
#include "model/tensors.h"
#include "ranking/item_map.h"
#include "ranking/ranked_model.h"
#include "ranking/recommend.h"
#include "shared/model_parts.h"
#include "training/trainer.h"

namespace matfac::fuzz {
namespace {

constexpr Index kUsers = 6;
constexpr Index kItems = 7;

void SetIfRead(Options& options, OptionId option, double value) {
  for (const OptionRule& rule : OptionTable()) {
    if (rule.id == option && Reads(TraitsOf(options.model.solver), option)) SetOption(rule, value, options);
  }
}

std::string KeyOf(const Options& options) {
  std::string key(SolverName(options.model.solver));
  for (const OptionRule& rule : OptionTable()) key += " " + std::to_string(rule.get(options).value_or(-1.0));
  return key;
}

std::vector<float> ChangedNumbers(std::vector<float> numbers, Bytes& bytes) {
  const std::uint8_t kind = bytes.Byte();
  if (kind < 128) return numbers;  // most tensors stay, so that the model gets past the first check
  if (kind > 252) numbers.resize(numbers.size() + 1 - std::min<std::size_t>(numbers.size(), bytes.Whole(0, 2)));
  if (numbers.empty()) return numbers;
  if (kind > 248) numbers.assign(numbers.size(), bytes.Float());
  for (int changes = bytes.Whole(0, 7); changes > 0; --changes) numbers[bytes.Bits(2) % numbers.size()] = bytes.Float();
  return numbers;
}

double ChangedNumber(double number, Bytes& bytes) { return bytes.Byte() < 224 ? number : bytes.Double(); }

}  // namespace

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

std::shared_ptr<const Ratings> SmallRatings() {
  static const auto ratings = [] {
    const std::vector<Index> users = {0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 4, 1};
    const std::vector<Index> items = {0, 1, 2, 0, 3, 1, 4, 5, 2, 3, 5, 4};
    const std::vector<float> values = {5.0F, 3.0F, 1.0F, 4.0F, 2.0F, 5.0F, 4.0F, 1.0F, 3.0F, 2.0F, 4.0F, 5.0F};
    return std::make_shared<const Ratings>(
        Ratings::FromTriplets({.users = users, .items = items, .values = values}, kUsers, kItems));
  }();
  return ratings;
}

Options SmallOptions(Bytes& bytes) {
  const auto solvers = AllSolvers();
  Options options = DefaultOptions(solvers[bytes.Byte() % solvers.size()]->kind);
  SetIfRead(options, OptionId::kFactors, bytes.Whole(1, 5));
  SetIfRead(options, OptionId::kSamples, bytes.Whole(1, 3));
  SetIfRead(options, OptionId::kPreferenceFactors, bytes.Whole(1, 3));
  SetIfRead(options, OptionId::kBiases, bytes.Whole(0, 1));
  SetIfRead(options, OptionId::kPreference, bytes.Whole(0, 1));
  SetIfRead(options, OptionId::kImplicitTerms, bytes.Whole(0, 2));
  SetIfRead(options, OptionId::kWeights, bytes.Whole(0, 2));
  SetIfRead(options, OptionId::kAdaptive, bytes.Whole(0, 1));
  SetIfRead(options, OptionId::kSweep, bytes.Whole(0, 3));
  SetIfRead(options, OptionId::kEpochs, bytes.Whole(1, 4));
  return options;
}

const Model& TrainedModel(Bytes& bytes) {
  static std::map<std::string, Model> models;
  Options options = SmallOptions(bytes);
  const auto [found, is_new] = models.try_emplace(KeyOf(options));
  if (is_new) {
    Trainer trainer(SmallRatings(), options);
    const int epochs = std::max(1, options.training.epochs - 1);
    for (int epoch = 0; epoch < epochs; ++epoch) trainer.Step();
    found->second = trainer.Result();
  }
  return found->second;
}

Model Changed(const Model& model, Bytes& bytes) {
  Model changed = EmptyModel(model.options, {.mean = ChangedNumber(model.mean, bytes),
                                             .scale = ChangedNumber(model.scale, bytes),
                                             .minimum = ChangedNumber(model.minimum, bytes),
                                             .maximum = ChangedNumber(model.maximum, bytes)});
  for (const TensorRule& tensor : Tensors()) Unpack(tensor, ChangedNumbers(Packed(model, tensor), bytes), changed);
  RequireScores(changed);
  return changed;
}

void AskAll(const Model& model, Bytes& bytes) {
  const Index users = model.UserCount();
  const Index items = model.ItemCount();
  for (Index user = kUnknown; user < users; ++user) {
    for (Index item = kUnknown; item < items; ++item) {
      Require(std::isfinite(model.Predict(user, item)), "a prediction is finite");
    }
  }
  const Model ranked = model.HasPreference() ? PreferenceModel(model) : model;
  for (Index user = 0; user < users; ++user) {
    const Ranking ranking = Recommend(ranked, ProfileOf(ranked, user), {.n = items}, {});
    Require(ranking.indices.size() == static_cast<std::size_t>(items), "every item is ranked");
  }
  for (Index item = 0; item < items; ++item) {
    const Ranking ranking = Similar(SimilarityOf(model), item, items);
    Require(ranking.indices.size() == static_cast<std::size_t>(items - 1), "every other item is near or far");
    for (const float cosine : ranking.scores) Require(std::abs(cosine) <= 1.0001F, "a cosine is within 1");
  }
  Require(MapItems(SimilarityOf(model), bytes.Whole(0, 3)).allFinite(), "a place on the map is finite");
  Guarded([&] {
    for (Index user = 0; user < users; ++user) {
      for (Index item = 0; item < items; ++item) Require(!std::isnan(Uncertainty(model, user, item)), "uncertainty");
    }
  });
}

}  // namespace matfac::fuzz
