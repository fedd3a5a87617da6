#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "base/quantized_rows.h"
#include "fold_in/fold_in.h"
#include "model/model.h"
#include "ranking/ranking.h"

namespace matfac {

class ItemOrder;

/// A user of the model as a profile. Throws std::invalid_argument for a user outside the model.
Profile ProfileOf(const Model& model, Index user);

struct RecommendOptions {
  /// ≥ 0.
  int n = 10;
  /// When given, only these items compete; an item may be repeated.
  std::optional<std::span<const Index>> included;
  /// 0 … 1: the weight of the differences between the items (diversity.h). Above 0 the best DiversityPool(n) by score
  /// compete.
  double diversity = 0.0;
  /// Of this model's item factors: only the best 2 n + 16 by these are ranked by r̂. Four times as fast where memory is
  /// the limit. Has no effect with `included`.
  const QuantizedRows* quantized = nullptr;
  /// Of this model: RecommendMany looks at its items in this order. It changes no result.
  const ItemOrder* order = nullptr;
};

/// The n best items for a profile by r̂, not clipped; fewer when there are fewer. `excluded` are left out, and may
/// repeat an item. Needs profile.factors of length model.Stride(). Throws std::invalid_argument for an item outside the
/// model, or a diversity out of range.
Ranking Recommend(const Model& model, const Profile& profile, const RecommendOptions& options,
                  std::span<const Index> excluded);

/// The same for many users of the model, with the same bits, and in parallel: blocks of users are scored against tiles
/// of items, so that each row loaded from memory serves many scores. Needs a row in `excluded` for each of `users`.
/// Throws as Recommend, and std::invalid_argument for a user outside the model.
std::vector<Ranking> RecommendMany(const Model& model, std::span<const Index> users, const RecommendOptions& options,
                                   const std::vector<std::span<const Index>>& excluded, Workers& workers);

/// The n rows nearest to `row` by cosine, itself left out, fewer when there are fewer; a row of zeros has cosine 0 with
/// every other. When `included` is given, only these rows compete; `excluded` are left out. Both may repeat a row.
/// With `trust`, a number for each row, the cosine with a row counts times its trust: n / (n + s) for a row of n
/// ratings keeps those of few ratings, whose direction is mostly chance, from the top of every list.
/// Needs 0 ≤ row < factors.Count() and n ≥ 0. Throws std::invalid_argument for a listed row outside the factors, or a
/// `trust` of another length.
Ranking Similar(const StoredRows& factors, Index row, int n, std::span<const Index> excluded = {},
                const std::optional<std::span<const Index>>& included = {}, std::span<const float> trust = {});

}  // namespace matfac
