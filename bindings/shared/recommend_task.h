#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "model/ordinal.h"
#include "model/solver_traits.h"
#include "ranking/recommend.h"
#include "shared/model_parts.h"

/// How both modules recommend. Inline: each module includes this once.
namespace matfac {

/// CoreRecommendTask without the excluded items.
struct RecommendQuery {
  RankBy by = RankBy::kPreference;
  RecommendOptions options;
};

/// `approximate` is for a search in the model's quantized items, which are made when they are first needed.
inline RecommendQuery ToRecommendQuery(HeldModel& model, bool by_rating, int n, double diversity, bool approximate,
                                       const std::optional<std::span<const Index>>& included) {
  const RankBy by = by_rating ? RankBy::kRating : RankBy::kPreference;
  return {.by = by,
          .options = {.n = n,
                      .included = included,
                      .diversity = diversity,
                      .quantized = approximate ? &model.Quantized(by) : nullptr}};
}

/// Rankings end to end; ranking u ends before position ends[u]. With the predicted rating of each item, but for
/// implicit feedback.
struct JoinedRankings {
  Ranking all;
  std::vector<float> ratings;
  std::vector<Index> ends;

  /// `predict(item)` is the predicted rating. An ordinal model that ranks by ratings has it as its score too.
  template <typename Predict>
  void Add(const Model& model, const Model& ranked, const Ranking& ranking, const Predict& predict) {
    all.indices.insert(all.indices.end(), ranking.indices.begin(), ranking.indices.end());
    all.scores.insert(all.scores.end(), ranking.scores.begin(), ranking.scores.end());
    ends.push_back(static_cast<Index>(all.indices.size()));
    if (IsImplicit(model.options.solver)) return;
    for (const Index item : ranking.indices) ratings.push_back(static_cast<float>(predict(item)));
    if (&ranked != &model || !IsOrdinal(model.options)) return;
    std::copy_n(ratings.end() - static_cast<Offset>(ranking.scores.size()), ranking.scores.size(),
                all.scores.end() - static_cast<Offset>(ranking.scores.size()));
  }
  /// Of a user of the model.
  void Add(const Model& model, const Model& ranked, const Ranking& ranking, Index user) {
    Add(model, ranked, ranking, [&](Index item) { return model.Predict(user, item); });
  }
};

/// Recommend to a visitor of the model.
inline JoinedRankings RecommendTo(HeldModel& model, const Profile& profile, const RecommendQuery& query,
                                  std::span<const Index> excluded) {
  const Model& ranked = model.RankedBy(query.by);
  const bool same = &ranked == &model;
  JoinedRankings joined;
  joined.Add(model, ranked,
             Recommend(ranked, same ? profile : PreferenceProfile(model, profile), query.options, excluded),
             [&](Index item) { return Predict(model, profile, item); });
  return joined;
}

/// Recommend to a user of the model.
inline JoinedRankings RecommendTo(HeldModel& model, Index user, const RecommendQuery& query,
                                  std::span<const Index> excluded) {
  const Model& ranked = model.RankedBy(query.by);
  JoinedRankings joined;
  joined.Add(model, ranked, Recommend(ranked, ProfileOf(ranked, user), query.options, excluded), user);
  return joined;
}

/// RecommendMany, with the excluded items of RowsOf. Throws as they do.
inline JoinedRankings RecommendJoined(HeldModel& model, std::span<const Index> users, const RecommendQuery& query,
                                      std::span<const Index> excluded, std::span<const Index> offsets, int threads) {
  Workers workers(threads);
  JoinedRankings joined;
  const Model& ranked = model.RankedBy(query.by);
  const std::vector<Ranking> rankings =
      RecommendMany(ranked, users, query.options, RowsOf(excluded, offsets, users.size()), workers);
  for (std::size_t u = 0; u < users.size(); ++u) joined.Add(model, ranked, rankings[u], users[u]);
  return joined;
}

}  // namespace matfac
