#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "ranking/recommend.h"
#include "shared/model_parts.h"

/// How both modules recommend. Inline: each module includes this once.
namespace matfac {

/// CoreRecommendTask without the excluded items: RecommendOptions with the spans of `included`, and `approximate` for
/// a search in the model's quantized items, which are made when they are first needed.
inline RecommendOptions ToRecommendOptions(HeldModel& model, int n, double diversity, bool approximate,
                                           const std::optional<std::span<const Index>>& included) {
  return {
      .n = n, .included = included, .diversity = diversity, .quantized = approximate ? &model.Quantized() : nullptr};
}

/// Many rankings end to end; ranking u ends before position ends[u].
struct JoinedRankings {
  Ranking all;
  std::vector<Index> ends;
};

/// RecommendMany, with the excluded items of RowsOf. Throws as they do.
inline JoinedRankings RecommendJoined(const Model& model, std::span<const Index> users, const RecommendOptions& options,
                                      std::span<const Index> excluded, std::span<const Index> offsets, int threads) {
  Workers workers(threads);
  JoinedRankings joined;
  for (const Ranking& ranking :
       RecommendMany(model, users, options, RowsOf(excluded, offsets, users.size()), workers)) {
    joined.all.indices.insert(joined.all.indices.end(), ranking.indices.begin(), ranking.indices.end());
    joined.all.scores.insert(joined.all.scores.end(), ranking.scores.begin(), ranking.scores.end());
    joined.ends.push_back(static_cast<Index>(joined.all.indices.size()));
  }
  return joined;
}

}  // namespace matfac
