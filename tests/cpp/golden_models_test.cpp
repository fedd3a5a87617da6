#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/features.h"
#include "json.h"
#include "model/option_table.h"
#include "model/tensors.h"
#include "support.h"
#include "training/trainer.h"

// One seed, one model: the hashes of tests/golden/models.json hold natively, in Node and in browsers. If a change of
// the core changes them on purpose, the failures below print the new ones.
namespace matfac {
namespace {

using test::Json;

/// FNV-1a, 64 bits, over the bytes of numbers in little-endian order, which is that of WebAssembly.
class Fnv1a {
 public:
  template <typename T>
  void Add(std::span<const T> numbers) {
    for (const std::byte byte : std::as_bytes(numbers)) {
      hash_ = (hash_ ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3ULL;
    }
  }
  std::string Hex() const {
    std::string hex(17, '\0');
    std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash_));
    hex.pop_back();
    return hex;
  }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

std::string HashOf(const RatingColumns& columns) {
  Fnv1a hash;
  hash.Add(std::span(columns.users));
  hash.Add(std::span(columns.items));
  hash.Add(std::span(columns.values));
  return hash.Hex();
}

void AddRows(const FactorMatrix& rows, const ModelOptions& options, Fnv1a& hash) {
  const auto factors = static_cast<std::size_t>(options.factors);
  for (Index row = 0; row < rows.rows(); ++row) {
    for (int sample = 0; sample < options.samples; ++sample) {
      hash.Add(std::span(RowOf(rows, row) + sample * StrideOf(options.factors), factors));
    }
  }
}

std::string HashOf(const Model& model) {
  Fnv1a hash;
  AddRows(model.user_factors, model.options, hash);
  AddRows(model.item_factors, model.options, hash);
  hash.Add(std::span(model.user_bias));
  hash.Add(std::span(model.item_bias));
  for (const char* const name : {"likedUsers", "likedItems", "userFeatureWeights", "itemFeatureWeights",
                                 "userFeatureLiked", "itemFeatureLiked"}) {
    const std::vector<float> packed = Packed(model, *FindTensor(name));
    hash.Add(std::span(packed));
  }
  return hash.Hex();
}

/// Every option is in the file, so that a change of the defaults does not change the hashes.
Options OptionsOf(const Json& given) {
  Options options;
  options.model = {.solver = SolverFromName(given["solver"].Text()),
                   .factors = static_cast<int>(given["factors"].Number()),
                   .regularization = given["regularization"].Number(),
                   .biases = given["biases"].Bool(),
                   .initial_scale = given["initialScale"].Number(),
                   .implicit_terms = static_cast<ImplicitTerms>(
                       ChoiceOf(*FindOption("implicitTerms"), given["implicitTerms"].Text())),
                   .samples = static_cast<int>(given["samples"].Number()),
                   .preference = given["preference"].Bool(),
                   .preference_factors = static_cast<int>(given["preferenceFactors"].Number())};
  options.training = {.epochs = static_cast<int>(given["epochs"].Number()),
                      .learning_rate = given["learningRate"].Number(),
                      .learning_rate_decay = given["learningRateDecay"].Number(),
                      .seed = static_cast<std::uint64_t>(given["seed"].Number())};
  for (const char* const name : {"likelihood", "weights", "confidence", "discount"}) {
    if (!given.Members().contains(name)) continue;
    const OptionRule& rule = *FindOption(name);
    rule.set(options, rule.kind == OptionKind::kChoice ? ChoiceOf(rule, given[name].Text()) : given[name].Number());
  }
  return options;
}

/// As the description in the file says.
Features FeaturesOf(Index rows, Index kinds) {
  std::vector<Offset> offsets{0};
  std::vector<Index> columns;
  std::vector<float> values;
  for (Index row = 0; row < rows; ++row) {
    columns.push_back(row % kinds);
    values.push_back(1.0F);
    if (row % 2 == 0) {
      columns.push_back(kinds);
      values.push_back(0.5F);
    }
    offsets.push_back(static_cast<Offset>(columns.size()));
  }
  return {"features", std::move(offsets), std::move(columns), std::move(values), kinds + 1};
}

std::shared_ptr<const SideFeatures> FeaturesOf(const Json& model, const Ratings& ratings) {
  if (!model.Members().contains("features")) return nullptr;
  const Json& kinds = model["features"];
  return std::make_shared<SideFeatures>(
      SideFeatures{.users = FeaturesOf(ratings.UserCount(), static_cast<Index>(kinds["users"].Number())),
                   .items = FeaturesOf(ratings.ItemCount(), static_cast<Index>(kinds["items"].Number()))});
}

GeneratedRatings GeneratedOf(const Json& golden) {
  return Generate(GeneratorSizeFromName(golden["size"].Text()), static_cast<std::uint64_t>(golden["seed"].Number()));
}

TEST(GoldenModels, HashIsFnv1a) {
  Fnv1a hash;
  EXPECT_EQ(hash.Hex(), "cbf29ce484222325");
  hash.Add(std::span("foobar", 6));  // from the test vectors of its authors
  EXPECT_EQ(hash.Hex(), "85944171f73967e8");
}

TEST(GoldenModels, GeneratedRatingsAreTheGoldenOnes) {
  const Json golden = test::ReadGolden("models.json");
  ASSERT_GE(golden["ratings"].Items().size(), 2U);
  for (const Json& ratings : golden["ratings"].Items()) {
    const GeneratedRatings generated = GeneratedOf(ratings);
    EXPECT_EQ(static_cast<double>(generated.columns.values.size()), ratings["count"].Number());
    EXPECT_EQ(HashOf(generated.columns), ratings["hash"].Text()) << ratings["size"].Text();
  }
}

TEST(GoldenModels, TrainedModelsAreTheGoldenOnes) {
  const Json golden = test::ReadGolden("models.json");
  ASSERT_GE(golden["cases"].Items().size(), 6U);
  for (const Json& model : golden["cases"].Items()) {
    const auto ratings = test::Freeze(GeneratedOf(model));
    Trainer trainer(ratings, OptionsOf(model["options"]), {}, std::nullopt, FeaturesOf(model, *ratings));
    while (!trainer.Finished()) trainer.Step();
    EXPECT_TRUE(test::IsFinite(trainer.Result()));
    EXPECT_EQ(HashOf(trainer.Result()), model["hash"].Text()) << model["name"].Text();
  }
}

}  // namespace
}  // namespace matfac
