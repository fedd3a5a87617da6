#pragma once

#include <memory>
#include <vector>

#include "rows/gram.h"
#include "rows/preference_row.h"
#include "rows/row_blocks.h"
#include "solvers/solver.h"

namespace matfac {

/// Who takes what, learned beside the ratings themselves: alternating least squares on which pairs were rated, a
/// half-step of the items and one of the users in each epoch, in closed form (rows/preference_row.h). A rated pair
/// weighs c = 0.7 / √(rated share of all pairs) more than the others (DefaultConfidence in training/data_defaults.h).
class PreferenceLayer {
 public:
  PreferenceLayer(const Ratings& ratings, const Options& options, Workers& workers);

  /// Continues with an epoch until it is complete (true) or the budget is used up (false). Starts from the items'
  /// vectors of `model`.
  bool Work(const Model& model, Budget& budget);
  /// Writes what was learned into the model, after a complete epoch.
  void Give(Model& model) const;

  /// The vectors in who takes what, of length stride.
  const FactorMatrix& TakenUsers() const { return users_.taken; }
  const FactorMatrix& TakenItems() const { return items_.taken; }

 private:
  /// In order; the first three start a training.
  enum class Phase : std::uint8_t { kStart, kFirstItemGram, kFirstUsers, kUserGram, kItems, kItemGram, kUsers };

  struct Side {
    const RatingsSide& ratings;
    FactorMatrix taken;
    FactorMatrix liked;
    Gram gram;
    RowBlocks blocks;

    Side(const RatingsSide& of, int stride);
  };

  bool WorkPhase(Budget& budget);
  bool Solve(Side& side, const Side& other, std::span<const float> population, Budget& budget);
  /// The mean of the users who have ratings; the others get it. It follows from the items alone, so that a training
  /// continues from them to the bit.
  void SetPopulation();

  Workers& workers_;
  int stride_;
  Side users_;
  Side items_;
  PreferenceTerms terms_;
  std::vector<float> population_;
  std::vector<PreferenceRow> rows_;
  Phase phase_ = Phase::kStart;
};

/// `solver` with a preference layer beside it: an epoch is one of each.
std::unique_ptr<Solver> WithPreference(std::unique_ptr<PreferenceLayer> layer, std::unique_ptr<Solver> solver);

}  // namespace matfac
