#include "core/marshal_ranking.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "core/marshal.h"
#include "data/item_lists.h"
#include "ranking/ranking_pass.h"

namespace matfac::marshal {
namespace {

RelevantItems ToRelevant(const val& task, const Model& model) {
  const auto users = ToVector<Index>(task["users"]);
  const auto items = ToVector<Index>(task["items"]);
  const auto values = ToVector<float>(task["values"]);
  const val least = task["relevance"];
  const float bound = least.isNull() ? -std::numeric_limits<float>::infinity() : least.as<float>();
  return RelevantItems::From({.users = users, .items = items, .values = values}, bound, model.UserCount(),
                             model.ItemCount());
}

ItemLists ToExcluded(const val& task, const Model& model) {
  return {"exclude", ToVector<Index>(task["excludedUsers"]), ToVector<Index>(task["excludedItems"]), model.UserCount(),
          model.ItemCount()};
}

RankingOptions ToRankingOptions(const val& task) {
  RankingOptions options{
      .k = task["k"].as<int>(), .auc = task["auc"].as<bool>(), .diversity = task["diversity"].as<bool>()};
  const val counts = task["ratingCounts"];
  if (!counts.isNull()) options.information = SelfInformation(ToVector<Index>(counts), task["raters"].as<int>());
  return options;
}

}  // namespace

struct HeldRankingPass::Parts {
  Model model;
  val task;
  ItemLists excluded;
  bool is_listed = false;
  Workers workers;
  std::optional<RankingPass> pass;

  Parts(const Model& copied, const val& given) : model(copied), task(given), workers(task["threads"].as<int>()) {}

  /// Each step takes as long as a slice with a million ratings.
  bool Advance(double seconds) {
    if (!is_listed) {
      excluded = ToExcluded(task, model);
      is_listed = true;
      return false;
    }
    if (!pass) {
      const auto not_ranked = [this](Index user) { return excluded.Row(user); };
      pass.emplace(ToRelevant(task, model), not_ranked, ToRankingOptions(task), model, workers);
      return false;
    }
    return pass->Advance(model, seconds);
  }
};

HeldRankingPass::HeldRankingPass(const Model& model, const val& task) : parts_(std::make_unique<Parts>(model, task)) {}

HeldRankingPass::~HeldRankingPass() = default;

bool HeldRankingPass::Advance(double seconds) {
  return Guard([&] { return parts_->Advance(seconds); });
}

double HeldRankingPass::Users() const { return static_cast<double>(parts_->pass->UserCount()); }

val HeldRankingPass::Result() const {
  const RankingMetrics metrics = parts_->pass->Result();
  val object = val::object();
  for (const RankingMetric& metric : kRankingMetrics) object.set(std::string(metric.name), metrics.*metric.value);
  return object;
}

std::unique_ptr<HeldRankingPass> CreateRankingPass(HeldModel& model, const val& task) {
  return Guard([&] { return std::make_unique<HeldRankingPass>(model.RankedBy(RankBy::kPreference), task); });
}

}  // namespace matfac::marshal
