#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fold_in/fold_in.h"
#include "model/model.h"

namespace matfac {

/// What a model of ratings with a preference layer recommends by. Others have one score, and this makes no difference.
enum class RankBy : std::uint8_t {
  /// What the user takes and likes: p'·q' + 0.1 z̃, with the vectors of rows/preference_row.h and the predicted rating z̃
  /// in standard deviations from the mean. The weight was chosen on MovieLens 100K (u1), latest-small and FilmTrust,
  /// where 0.05 to 0.2 were within 2 % of each other; on Douban 0.05 was 2 % better than 0.1, and 0.2 11 % worse.
  kPreference,
  /// r̂.
  kRating,
};

/// The model whose scores are those of kPreference: users and items are [liked | factors] with a weight, and what
/// ranks, rounds and compares the rows of a model takes it as any other. Needs model.HasPreference().
Model PreferenceModel(const Model& model);

/// A visitor of `model` in its PreferenceModel.
Profile PreferenceProfile(const Model& model, const Profile& profile);

/// What each rating adds to the score of `item`, in the order of `items`: the contributions sum to the score of a
/// fold-in but for the biases. Throws as Visitors does.
std::vector<float> ExplainScore(const Model& model, const Visitors& visitors, RankBy by, std::span<const Index> items,
                                std::span<const float> values, Index item, const FeaturesRow& features = {});

/// The item vectors whose cosine says how alike two items are: who takes them, or without a preference layer the
/// factors.
StoredRows SimilarityOf(const Model& model);

}  // namespace matfac
