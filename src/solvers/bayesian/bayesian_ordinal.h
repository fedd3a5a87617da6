#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rows/row_blocks.h"
#include "solvers/bayesian/bayesian_cuts.h"
#include "solvers/bayesian/bayesian_days.h"
#include "solvers/bayesian/bayesian_prior.h"

namespace matfac {

/// What the scores and the noise of ratings follow from.
struct BayesianScores {
  const BayesianRows& users;
  const BayesianRows& items;
  /// φ and ψ.
  const std::vector<float>& user_weights;
  const std::vector<float>& item_weights;
  /// Or null.
  const BayesianDays* days;
  double level;
};

/// What becomes of the cut points in a sweep.
enum class CutMove : std::uint8_t { kKeep, kSettle, kDraw };

/// That in sweep `sweep`, from 1, of a chain whose first `burn_in` are not kept. A draw takes as long as those of the
/// latent values of three sweeps, and is nearly independent of the one before given the scores, which move slowly:
/// every fourth sweep has one.
CutMove CutMoveOf(int sweep, int burn_in);

/// Ordered ratings in the Gibbs sampler (model/ordinal.h): behind each rating there is a latent value
/// z ~ N(r̂, σ² / (φ_u ψ_i)), which takes the place of the rating in all other draws. Given the scores first the cut
/// points are drawn, then
///   z ~ N(r̂, σ² / (φ_u ψ_i)) between the two cut points of the rating's level.
/// σ is fixed, since only the ratios of scores, cut points and σ matter, and so is w_0, since only their differences
/// do.
class BayesianOrdinal {
 public:
  /// −Σ log P, and the squared errors of the ratings that are expected with the noise common to all.
  struct Fit {
    double loss = 0.0;
    double squares = 0.0;
  };

  BayesianOrdinal(const Ratings& ratings, const Options& options, double deviation);

  void Start(double level) { cuts_.Start(ratings_, level); }
  /// Continues the draw of the cut points and then of the latent values; returns true when it is complete.
  bool Draw(int epoch, CutMove move, const BayesianScores& given, Workers& workers, Budget& budget);

  /// z of a user's, or of an item's, ratings.
  std::span<const float> OfUser(Index user) const { return RowIn(ratings_.ByUser(), by_user_, user); }
  std::span<const float> OfItem(Index item) const { return RowIn(ratings_.ByItem(), by_item_, item); }
  const std::vector<float>& Levels() const { return cuts_.Levels(); }
  const std::vector<float>& Cuts() const { return cuts_.Cuts(); }
  /// The fit of all ratings at the scores given last.
  Fit Sum() const;
  /// Appends all that the next sweep needs of this one.
  void AddTo(std::vector<std::span<float>>& chain) { chain.emplace_back(cuts_.Cuts()); }

 private:
  enum class Stage : std::uint8_t { kScores, kCuts, kValues };

  static std::span<const float> RowIn(const RatingsSide& side, const std::vector<float>& values, Index row) {
    return std::span(values).subspan(side.Begin(row), side.Count(row));
  }
  void Score(Index user, const BayesianScores& given);
  void DrawValues(int epoch, Index user);
  /// Tabulates the expected rating by the score.
  void Tabulate();
  double Expected(double score) const;

  const Ratings& ratings_;
  std::uint64_t seed_;
  double deviation_;
  BayesianCuts cuts_;
  /// Of each rating by user: its number in the order of levels, and by item.
  std::vector<Index> in_levels_;
  std::vector<Index> in_items_;
  /// In the order of levels: r̂, and √(φ ψ) / σ.
  std::vector<float> scores_;
  std::vector<float> roots_;
  std::vector<float> by_user_;
  std::vector<float> by_item_;
  std::vector<Fit> fits_;  // of each user
  std::vector<double> table_;
  double table_start_ = 0.0;
  double table_step_ = 1.0;
  RowBlocks blocks_;
  Stage stage_ = Stage::kScores;
};

}  // namespace matfac
