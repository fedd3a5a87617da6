#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/errors.h"
#include "model/option_table.h"
#include "model/score_bound.h"
#include "model/solver_traits.h"
#include "model/tensors.h"
#include "ranking/item_map.h"
#include "ranking/ranked_model.h"
#include "ranking/recommend.h"
#include "support.h"
#include "training/trainer.h"

// Every solver at the ends of the number line: a training gives a model that can be saved, loaded and asked, or ends
// with an error that matfac.h lists.
namespace matfac {
namespace {

struct Case {
  std::string name;
  RatingColumns columns;
  Index users;
  Index items;
};

RatingColumns Grid(Index users, Index items, const std::vector<float>& values) {
  RatingColumns columns;
  for (Index user = 0; user < users; ++user) {
    for (Index item = 0; item < items; ++item) {
      if ((user + 2 * item) % 3 == 0 && user > 0) continue;
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(values[columns.values.size() % values.size()]);
    }
  }
  return columns;
}

std::vector<Case> Cases() {
  constexpr float kLargest = std::numeric_limits<float>::max();
  constexpr float kLeast = std::numeric_limits<float>::denorm_min();
  std::vector<Case> cases = {
      {"one rating", {{0}, {0}, {3.0F}}, 1, 1},     {"one rating of many rows", {{2}, {1}, {3.0F}}, 5, 4},
      {"one zero", {{0}, {0}, {0.0F}}, 1, 1},       {"one user", Grid(1, 6, {1.0F, 5.0F}), 1, 6},
      {"one item", Grid(6, 1, {1.0F, 5.0F}), 6, 1},
  };
  const std::vector<std::pair<std::string, std::vector<float>>> values = {
      {"identical", {3.0F}},
      {"zeros", {0.0F}},
      {"minus zeros", {-0.0F, 0.0F}},
      {"negative", {-1.0F, -5.0F, -2.0F}},
      {"largest", {kLargest}},
      {"both ends", {kLargest, -kLargest}},
      {"subnormal", {kLeast, 2.0F * kLeast}},
      {"least and largest", {kLeast, kLargest}},
      {"nearly identical", {1.0F, std::nextafter(1.0F, 2.0F)}},
  };
  for (const auto& [name, numbers] : values) cases.push_back({name, Grid(5, 4, numbers), 5, 4});
  for (const float size : {1e10F, 1e15F, 1e19F, 1e25F, 1e30F, 1e36F, 1e-10F, 1e-19F, 1e-25F, 1e-36F, 1e-40F}) {
    cases.push_back(
        {"of size " + std::to_string(std::log10(size)), Grid(5, 4, {size, 3.0F * size, 2.0F * size}), 5, 4});
    cases.push_back({"1 and of size " + std::to_string(std::log10(size)), Grid(5, 4, {size, 1.0F}), 5, 4});
  }
  return cases;
}

/// What has the solver's defaults, and then each option that it reads at an end of its range.
std::vector<Options> OptionsAtTheEnds(SolverKind solver) {
  Options base = DefaultOptions(solver);
  base.training.epochs = 3;
  if (Reads(TraitsOf(solver), OptionId::kFactors)) base.model.factors = 3;
  if (Reads(TraitsOf(solver), OptionId::kSamples)) base.model.samples = 2;
  std::vector<Options> all = {base};
  for (const OptionRule& rule : OptionTable()) {
    const bool counts = rule.id == OptionId::kEpochs || rule.id == OptionId::kThreads ||
                        rule.id == OptionId::kFactors || rule.id == OptionId::kPatience ||
                        rule.id == OptionId::kSamples;
    if (counts || !Reads(TraitsOf(solver), rule.id)) continue;
    for (const double value : {rule.range.least, rule.range.most, 1e-300, 1e-30, 1e30, 1e300}) {
      if (!IsAllowed(RuleFor(rule, solver), value)) continue;
      Options changed = base;
      SetOption(rule, value, changed);
      all.push_back(changed);
    }
  }
  return all;
}

std::string Describe(const Options& options) {
  std::string text;
  for (const OptionRule& rule : OptionTable()) {
    const auto value = rule.get(options);
    text += std::string(rule.name) + " " + (value ? ValueText(rule, *value) : "-") + " ";
  }
  return text;
}

/// The model as a file has it.
Model Reloaded(const Model& model) {
  Model loaded;
  loaded.options = model.options;
  loaded.mean = model.mean;
  loaded.scale = model.scale;
  loaded.minimum = model.minimum;
  loaded.maximum = model.maximum;
  for (const TensorRule& tensor : Tensors()) Unpack(tensor, Packed(model, tensor), loaded);
  RequireScores(loaded);
  return loaded;
}

void ExpectWholeRanking(const Ranking& ranking, Index count) {
  EXPECT_EQ(ranking.indices.size(), static_cast<std::size_t>(count));
  for (const float score : ranking.scores) EXPECT_TRUE(std::isfinite(score)) << score;
}

void ExpectAnswers(const Model& model) {
  const Model ranked = model.HasPreference() ? PreferenceModel(model) : model;
  for (Index user = 0; user < model.UserCount(); ++user) {
    for (Index item = 0; item < model.ItemCount(); ++item) EXPECT_TRUE(std::isfinite(model.Predict(user, item)));
    ExpectWholeRanking(Recommend(ranked, ProfileOf(ranked, user), {.n = 100}, {}), model.ItemCount());
    ExpectWholeRanking(Recommend(ranked, ProfileOf(ranked, user), {.n = 100, .diversity = 0.5}, {}), model.ItemCount());
  }
  for (Index item = 0; item < model.ItemCount(); ++item) {
    ExpectWholeRanking(Similar(model.item_factors, item, 100), model.ItemCount() - 1);
  }
  EXPECT_TRUE(MapItems(SimilarityOf(model), 2).allFinite());
}

/// A visitor with the ratings of user 0.
void ExpectVisitor(const Model& model, const Ratings& ratings) {
  const RatingsRow row = ratings.ByUser().Row(0);
  try {
    const Visitors visitors(model);
    const Profile profile = visitors.FoldIn(row.others, row.values);
    for (Index item = 0; item < model.ItemCount(); ++item) {
      EXPECT_TRUE(std::isfinite(Predict(model, profile, item)));
      for (const float part : visitors.Explain(row.others, row.values, item)) EXPECT_TRUE(std::isfinite(part));
    }
  } catch (const std::invalid_argument&) {
  } catch (const UnsupportedError&) {
  }
}

void ExpectModel(const Model& trained, const Ratings& ratings) {
  try {
    const Model model = Reloaded(trained);
    for (const TensorRule& tensor : Tensors()) EXPECT_EQ(Packed(model, tensor), Packed(trained, tensor));
    ExpectAnswers(model);
    ExpectVisitor(model, ratings);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

/// Nothing where an error says why.
std::optional<Model> TrainsOrSaysWhyNot(const test::SharedRatings& ratings, const Options& options) {
  try {
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Step();
    return trainer.Result();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(" must "), std::string::npos) << error.what();
  } catch (const DivergenceError& error) {
    EXPECT_NE(std::string(error.what()).find(" must "), std::string::npos) << error.what();
  }
  return std::nullopt;
}

class ExtremeTraining : public testing::TestWithParam<const SolverTraits*> {};

TEST_P(ExtremeTraining, GivesAWholeModelOrAListedError) {
  int trained = 0;
  int runs = 0;
  for (const Case& given : Cases()) {
    const test::SharedRatings ratings = test::Freeze(given.columns, given.users, given.items);
    for (const Options& options : OptionsAtTheEnds(GetParam()->kind)) {
      SCOPED_TRACE(given.name + ", options " + std::to_string(runs) + " " + Describe(options));
      ++runs;
      const std::optional<Model> model = TrainsOrSaysWhyNot(ratings, options);
      if (!model) continue;
      ++trained;
      ExpectModel(*model, *ratings);
    }
  }
  // The ordinary ones at least.
  EXPECT_GE(trained, 4);
}

INSTANTIATE_TEST_SUITE_P(Solvers, ExtremeTraining, testing::ValuesIn(AllSolvers().begin(), AllSolvers().end()),
                         [](const auto& info) {
                           std::string name(info.param->name);
                           std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
                           return name;
                         });

}  // namespace
}  // namespace matfac
