#include <emscripten/bind.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "base/errors.h"
#include "core/column_blocks.h"
#include "core/marshal.h"
#include "core/marshal_ranking.h"
#include "core/stored_bytes.h"
#include "core/visitor.h"
#include "data/generator.h"
#include "fold_in/new_rows.h"
#include "fold_in/uncertainty.h"
#include "ranking/item_map.h"
#include "ranking/metrics.h"
#include "shared/model_parts.h"
#include "shared/recommend_task.h"
#include "training/data_defaults.h"
#include "training/kept_rows.h"

namespace matfac {
namespace {

using emscripten::val;
using marshal::Guard;
using marshal::ToArray;
using marshal::ToVector;
using marshal::Visitor;

using SharedRatings = std::shared_ptr<const Ratings>;

/// Ratings held by JavaScript, which a trainer may outlive.
struct RatingsHandle {
  SharedRatings ratings;
};

std::unique_ptr<RatingsHandle> Hold(Ratings&& ratings) {
  return std::make_unique<RatingsHandle>(std::make_shared<const Ratings>(std::move(ratings)));
}

std::unique_ptr<RatingsHandle> CreateRatings(const val& users, const val& items, const val& values, const val& times,
                                             Index user_count, Index item_count) {
  return Guard([&] {
    RatingBlocks blocks(users, items, values, times);
    return Hold(Ratings::FromTriplets(blocks, user_count, item_count));
  });
}

std::unique_ptr<RatingsHandle> CreateStoredRatings(const val& store, const val& offsets, Index item_count,
                                                   double time_origin) {
  return Guard([&] {
    const auto begins = ToVector<Index>(offsets);
    // The columns that are there: items, values and, with an origin, times, which no solver reads from a store.
    const std::int64_t columns = std::isnan(time_origin) ? 2 : 3;
    const std::int64_t scratch = begins.empty() ? 0 : columns * std::int64_t{4} * begins.back();
    return Hold(
        Ratings::FromStore(std::make_shared<StoredBytes>(store), {begins.begin(), begins.end()}, item_count, scratch));
  });
}

val ResolveOptions(const val& options) {
  return Guard([&] { return marshal::FromOptions(marshal::ToOptions(options)); });
}

/// Those of a training of these ratings, without what follows from a warm start.
val ResolveForRatings(const RatingsHandle& handle, const val& options) {
  return Guard([&] {
    Options resolved = marshal::ToOptions(options);
    FillFromData(*handle.ratings, resolved.model);
    return marshal::FromOptions(resolved);
  });
}

std::unique_ptr<Trainer> CreateTrainer(const RatingsHandle& handle, const val& options, const val& users,
                                       const val& items, const val& values, const val& times, const val& start,
                                       const val& features) {
  return Guard([&] {
    return std::make_unique<Trainer>(handle.ratings, marshal::ToOptions(options),
                                     ValidationRatings{.users = ToVector<Index>(users),
                                                       .items = ToVector<Index>(items),
                                                       .values = ToVector<float>(values),
                                                       .times = ToVector<double>(times)},
                                     marshal::ToWarmStart(start), marshal::ToSideFeatures(features));
  });
}

val ResolvedOptions(const Trainer& trainer) {
  return Guard([&] { return marshal::FromOptions(trainer.Resolved()); });
}

val Advance(Trainer& trainer, double seconds) {
  return Guard([&] {
    const auto report = trainer.Advance(seconds);
    return report ? marshal::FromReport(*report) : val::null();
  });
}

/// Of the model so far, which is not copied for it.
val TrainedTensors(const Trainer& trainer, const val& kept) {
  return Guard([&] {
    const auto start = marshal::ToWarmStart(kept);
    std::optional<Model> merged;
    if (start) merged = WithKept(trainer.Result(), *start);
    const Model& model = merged ? *merged : trainer.Result();
    RequireScores(model);
    return marshal::FromModel(model);
  });
}

std::unique_ptr<HeldModel> CreateModel(const val& tensors, const val& options) {
  return Guard([&] { return std::make_unique<HeldModel>(marshal::ToModel(tensors, marshal::ToOptions(options))); });
}

std::unique_ptr<marshal::ModelMaker> CreateModelMaker(const val& tensors, const val& options) {
  return Guard([&] { return std::make_unique<marshal::ModelMaker>(tensors, marshal::ToOptions(options)); });
}

bool AdvanceModel(marshal::ModelMaker& maker) {
  return Guard([&] { return maker.Advance(); });
}

std::unique_ptr<HeldModel> MadeModel(marshal::ModelMaker& maker) {
  return Guard([&] { return std::make_unique<HeldModel>(std::move(maker.Made())); });
}

double PredictOne(HeldModel& model, Index user, Index item, double time) {
  return Guard([&] { return PredictAt(model, model.Times(), user, item, time); });
}

val PredictMany(HeldModel& model, const val& users, const val& items, const val& times) {
  return Guard([&] {
    const auto user_column = ToVector<Index>(users);
    const auto item_column = ToVector<Index>(items);
    if (user_column.size() != item_column.size()) {
      ThrowInvalid("users and items must have the same length; they have {} and {}",
                   {user_column.size(), item_column.size()});
    }
    const auto time_column = ToVector<double>(times);
    std::vector<float> predictions(user_column.size());
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const double time = time_column.empty() ? std::numeric_limits<double>::quiet_NaN() : time_column.at(i);
      predictions[i] = static_cast<float>(PredictAt(model, model.Times(), user_column[i], item_column[i], time));
    }
    return ToArray(predictions);
  });
}

/// From CoreRecommendTask, with the arrays that its spans refer to.
struct RecommendTask {
  std::vector<Index> excluded;
  std::optional<std::vector<Index>> included;
  RecommendQuery query;

  RecommendTask(HeldModel& model, const val& task)
      : excluded(ToVector<Index>(task["excluded"])),
        included(task["included"].isNull() ? std::nullopt : std::optional(ToVector<Index>(task["included"]))),
        query(ToRecommendQuery(model, task["byRating"].as<bool>(), task["n"].as<int>(), task["diversity"].as<double>(),
                               task["approximate"].as<bool>(), included)) {}
};

val RecommendToUser(HeldModel& model, Index user, const val& given) {
  return Guard([&] {
    const RecommendTask task(model, given);
    return marshal::FromRankings(RecommendTo(model, user, task.query, task.excluded));
  });
}

val RecommendToProfile(HeldModel& model, const val& profile, const val& given) {
  return Guard([&] {
    const RecommendTask task(model, given);
    return marshal::FromRankings(
        RecommendTo(model, ProfileFrom(model, ToVector<float>(profile)), task.query, task.excluded));
  });
}

val RecommendToUsers(HeldModel& model, const val& users, const val& offsets, const val& given, int threads) {
  return Guard([&] {
    RecommendTask task(model, given);
    const auto asked = ToVector<Index>(users);
    if (asked.size() >= ItemOrder::kLeastUsers && !task.included) {
      task.query.options.order = &model.Order(task.query.by);
    }
    return marshal::FromRankings(
        RecommendJoined(model, asked, task.query, task.excluded, ToVector<Index>(offsets), threads));
  });
}

val SimilarRows(const StoredRows& factors, Index row, int n, const val& excluded, const val& included,
                const std::vector<float>& trust) {
  const auto listed = included.isNull() ? std::nullopt : std::optional(ToVector<Index>(included));
  return marshal::FromRanking(Similar(factors, row, n, ToVector<Index>(excluded), listed, trust));
}

val SimilarItems(const Model& model, Index item, int n, const val& excluded, const val& included, const val& trust) {
  return Guard([&] {
    model.CheckItem(item);
    return SimilarRows(SimilarityOf(model), item, n, excluded, included, ToVector<float>(trust));
  });
}

val SimilarUsers(const Model& model, Index user, int n, const val& excluded, const val& included) {
  return Guard([&] {
    model.CheckUser(user);
    return SimilarRows(model.HasPreference() ? model.liked_users : model.user_factors, user, n, excluded, included, {});
  });
}

/// To CoreDistributions.
template <typename Probability>
val ToDistributions(const Model& model, const std::vector<Probability>& probabilities) {
  const auto levels = OrdinalTerms::Of(model).levels;
  val object = val::object();
  object.set("values", ToArray(std::vector<float>(levels.begin(), levels.end())));
  object.set("probabilities", ToArray(probabilities));
  return object;
}

val FoldInProfile(HeldModel& model, const val& items, const val& values, const val& columns, const val& numbers) {
  return Guard([&] {
    const Visitor visitor(items, values, columns, numbers);
    return ToArray(PackedProfile(model, model.ToVisitors().FoldIn(visitor.items, visitor.values, visitor.features)));
  });
}

/// From CoreNewRows.
std::unique_ptr<HeldModel> ModelWithRows(const HeldModel& model, const val& given) {
  return Guard([&] {
    const val rated = given["ratings"];
    const val described = given["features"];
    const auto others = ToVector<Index>(rated["columns"]);
    const auto values = ToVector<float>(rated["values"]);
    const auto columns = ToVector<Index>(described["columns"]);
    const auto numbers = ToVector<float>(described["values"]);
    const auto offsets = ToVector<Index>(rated["offsets"]);
    const auto rows = offsets.size() - 1;
    const auto rows_of_others = RowsOf(others, offsets, rows);
    const auto rows_of_columns = RowsOf(columns, ToVector<Index>(described["offsets"]), rows);
    std::vector<NewRow> added;
    for (std::size_t row = 0; row < rows; ++row) {
      const auto same = [](std::span<const float> all, std::span<const Index> of, const std::vector<Index>& from) {
        return all.subspan(static_cast<std::size_t>(of.data() - from.data()), of.size());
      };
      added.push_back(
          {.others = rows_of_others[row],
           .values = same(values, rows_of_others[row], others),
           .features = {.columns = rows_of_columns[row], .values = same(numbers, rows_of_columns[row], columns)}});
    }
    const bool of_items = given["ofItems"].isTrue();
    return std::make_unique<HeldModel>(of_items ? WithItems(model, added) : WithUsers(model, added));
  });
}

double PredictForProfile(const Model& model, const val& profile, Index item) {
  return Guard([&] { return Predict(model, ProfileFrom(model, ToVector<float>(profile)), item); });
}

val ExplainOne(HeldModel& model, const val& items, const val& values, const val& columns, const val& numbers,
               Index item, bool by_rating) {
  return Guard([&] {
    const Visitor visitor(items, values, columns, numbers);
    return ToArray(ExplainScore(model, model.ToVisitors(), by_rating ? RankBy::kRating : RankBy::kPreference,
                                visitor.items, visitor.values, item, visitor.features));
  });
}

val UncertaintyOfVisitor(HeldModel& model, const val& items, const val& values, const val& columns, const val& numbers,
                         const val& asked) {
  return Guard([&] {
    const Visitor visitor(items, values, columns, numbers);
    return ToArray(
        model.ToVisitors().Uncertainty(visitor.items, visitor.values, ToVector<Index>(asked), visitor.features));
  });
}

val DistributionsOfVisitor(HeldModel& model, const val& items, const val& values, const val& columns,
                           const val& numbers, const val& asked) {
  return Guard([&] {
    const Visitor visitor(items, values, columns, numbers);
    return ToDistributions(model, model.ToVisitors().Distributions(visitor.items, visitor.values,
                                                                   ToVector<Index>(asked), visitor.features));
  });
}

val MapOfItems(const Model& model, int dimensions, const val& trust) {
  return Guard([&] {
    const FactorMatrix places = MapItems(SimilarityOf(model), dimensions, ToVector<float>(trust));
    return ToArray(std::vector<float>(places.data(), places.data() + places.size()));
  });
}

double UncertaintyOf(const Model& model, Index user, Index item) {
  return Guard([&] { return Uncertainty(model, user, item); });
}

val DistributionOf(HeldModel& model, Index user, Index item, double time) {
  return Guard([&] {
    return ToDistributions(model, Distribution(model, user, item, ShiftAt(model, model.Times(), user, time)));
  });
}

val EvaluateModel(HeldModel& model, const val& users, const val& items, const val& values, const val& times) {
  return Guard([&] {
    const auto user_column = ToVector<Index>(users);
    const auto item_column = ToVector<Index>(items);
    const auto value_column = ToVector<float>(values);
    const auto time_column = ToVector<double>(times);
    const Triplets test{.users = user_column, .items = item_column, .values = value_column, .times = time_column};
    const Accuracy accuracy = Evaluate(model, test, model.Times());
    val object = val::object();
    object.set("rmse", accuracy.rmse);
    object.set("mae", accuracy.mae);
    return object;
  });
}

val GenerateRatings(const std::string& size, double seed) {
  return Guard([&] {
    const GeneratedRatings generated = Generate(GeneratorSizeFromName(size), static_cast<std::uint64_t>(seed));
    val object = val::object();
    object.set("users", ToArray(generated.columns.users));
    object.set("items", ToArray(generated.columns.items));
    object.set("values", ToArray(generated.columns.values));
    object.set("userCount", generated.user_count);
    object.set("itemCount", generated.item_count);
    return object;
  });
}

val PlantedFactors(const std::string& size, double seed) {
  return Guard([&] {
    const FactorMatrix factors = PlantedItemFactors(GeneratorSizeFromName(size), static_cast<std::uint64_t>(seed));
    val object = val::object();
    object.set("columns", static_cast<int>(factors.cols()));
    object.set("data", ToArray(std::vector<float>(factors.data(), factors.data() + factors.size())));
    return object;
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(matfac) {
  using emscripten::class_;
  using emscripten::function;

  class_<RatingsHandle>("Ratings");
  class_<Trainer>("Trainer")
      .function("advance", &Advance)
      .function("finished", &Trainer::Finished)
      .function("options", &ResolvedOptions)
      .function("tensors", &TrainedTensors);
  class_<Model>("UnheldModel")
      .function("tensors", &marshal::FromModel)
      .function("tensor", &marshal::TensorOf)
      .function("similarItems", &SimilarItems)
      .function("similarUsers", &SimilarUsers)
      .function("profilePredict", &PredictForProfile)
      .function("map", &MapOfItems)
      .function("uncertainty", &UncertaintyOf);
  class_<HeldModel, emscripten::base<Model>>("Model")
      .function("predict", &PredictOne)
      .function("predictMany", &PredictMany)
      .function("distribution", &DistributionOf)
      .function("evaluate", &EvaluateModel)
      .function("rankingPass", &marshal::CreateRankingPass)
      .function("recommend", &RecommendToUser)
      .function("recommendMany", &RecommendToUsers)
      .function("profileRecommend", &RecommendToProfile)
      .function("foldIn", &FoldInProfile)
      .function("withRows", &ModelWithRows)
      .function("explain", &ExplainOne)
      .function("visitorUncertainty", &UncertaintyOfVisitor)
      .function("visitorDistributions", &DistributionsOfVisitor);
  class_<marshal::HeldRankingPass>("RankingPass")
      .function("advance", &marshal::HeldRankingPass::Advance)
      .function("users", &marshal::HeldRankingPass::Users)
      .function("result", &marshal::HeldRankingPass::Result);
  function("createRatings", &CreateRatings);
  function("createStoredRatings", &CreateStoredRatings);
  function("resolveOptions", &ResolveOptions);
  function("resolveForRatings", &ResolveForRatings);
  function("createTrainer", &CreateTrainer);
  class_<marshal::ModelMaker>("ModelMaker").function("advance", &AdvanceModel).function("made", &MadeModel);
  function("createModel", &CreateModel);
  function("createModelMaker", &CreateModelMaker);
  function("generate", &GenerateRatings);
  function("plantedItemFactors", &PlantedFactors);
}

}  // namespace matfac
