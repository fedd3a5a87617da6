#pragma once

#include <memory>
#include <vector>

#include "rows/gram.h"
#include "rows/preference_row.h"
#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// Who takes what, learned beside the ratings themselves: alternating least squares on which pairs were rated, a sweep
/// of the items and then of the users in closed form (rows/preference_row.h) in each of the first 15 epochs on these
/// ratings, by when it has settled, and in every fifth epoch from then on. A rated pair
/// weighs c = 0.5 / √(rated share of all pairs) more than the others.
class PreferenceLayer {
 public:
  /// The ratings, the workers and the features must outlive it.
  PreferenceLayer(const Ratings& ratings, const Options& options, Workers& workers, const SideFeatures& features);

  /// Continues with an epoch (from 1) until it is complete (true) or the budget is used up (false). Starts from the
  /// items' vectors of `model`.
  bool Work(int epoch, const Model& model, Budget& budget);
  /// Writes what was learned into the model, after a complete epoch.
  /// With features, what they add to the vectors to be recommended by: a regression of these.
  void Give(Model& model) const;

  /// The vectors in who takes what, of length stride.
  const FactorMatrix& TakenUsers() const { return users_.taken; }
  const FactorMatrix& TakenItems() const { return items_.taken; }

 private:
  /// In order; the first three start a training, and the others are a sweep.
  enum class Phase : std::uint8_t { kStart, kFirstItemGram, kFirstUsers, kUserGram, kItems, kItemGram, kUsers };

  struct Side {
    const RatingsSide& ratings;
    FactorMatrix taken;
    FactorMatrix liked;
    Gram gram;
    RowBlocks blocks;

    Side(const RatingsSide& of, int stride);
  };

  void Start(const Model& model);
  /// True in an epoch with a sweep, before it.
  bool IsDue(int epoch) const;
  bool WorkPhase(Budget& budget);
  bool Solve(Side& side, const Side& other, std::span<const float> population, Budget& budget);
  /// The mean of the users who have ratings; the others get it. It follows from the items alone, so that a training
  /// continues from them to the bit.
  void SetPopulation();

  Workers& workers_;
  const SideFeatures& features_;
  int stride_;
  Side users_;
  Side items_;
  PreferenceTerms terms_;
  std::vector<float> population_;
  std::vector<PreferenceRow> rows_;
  Phase phase_ = Phase::kStart;
};

/// `solver` with a preference layer beside it, which has its turn first in each epoch.
std::unique_ptr<Solver> WithPreference(std::unique_ptr<PreferenceLayer> layer, std::unique_ptr<Solver> solver);

}  // namespace matfac
