#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/function_ref.h"
#include "model/option_table.h"
#include "model/options.h"

namespace matfac {

enum class Feedback : std::uint8_t {
  /// A rating is a number to predict.
  kRatings,
  /// A rating is a weight of having been observed; a score has no range.
  kImplicit,
};

/// What a row with n ratings has as its ridge in the objective, for the regularization λ.
enum class RidgeWeight : std::uint8_t {
  /// The objective has another penalty, or none.
  kNone,
  /// λ
  kConstant,
  /// λ n, with n = 1 for a row without ratings
  kPerRating,
  /// λ n
  kPerVisit,
  /// λ √n, with n = 1 for a row without ratings
  kRootOfRatings,
};

/// How a visitor is folded in (fold_in/).
enum class FoldInKind : std::uint8_t {
  kRidge,
  kImplicitRidge,
  kNonNegativeRidge,
  kPairwise,
  kPosterior,
  kPopularity,
  kVariational
};

/// What the rest of the library knows of a solver: kTraits of its class; solvers/solver_list.h lists the classes.
struct SolverTraits {
  SolverKind kind = SolverKind::kAls;
  /// As JavaScript spells it.
  std::string_view name;
  Feedback feedback = Feedback::kRatings;
  /// Beside kCommonOptions. An option that is not read keeps its default.
  OptionSet reads = {};
  RidgeWeight ridge = RidgeWeight::kNone;
  FoldInKind fold_in = FoldInKind::kRidge;
  /// False for baselines: factors are zeros, one per row.
  bool has_factors = true;
  /// Of a model with biases: whether users have them too.
  bool has_user_biases = true;
  /// Factors start, and stay, at 0 or above.
  bool is_non_negative = false;
  /// Items have a second row of factors from the start, for the implicit terms of Koren 2008.
  bool has_item_implicit = false;
  /// Rows have a prior mean that follows from their features (data/features.h).
  bool reads_features = false;
  /// Ratings may be in a store: their rows are read one after the other.
  bool reads_stored = false;
  /// λ must be above 0: rows are solved in closed form.
  bool needs_regularization = false;
  /// The textbook's solvers, whose options count in units of a rating; those of others count on standardized ratings.
  /// What is left open of their initial scale and learning rates follows from the ratings (ChooseOpen).
  bool in_rating_units = false;
  /// The defaults of what a model is; those of how it is trained are the class's kTraining, which serving has no use
  /// for.
  ModelOptions model = {};
};

/// What every solver reads.
inline constexpr OptionSet kCommonOptions = {OptionId::kEpochs, OptionId::kSeed, OptionId::kThreads,
                                             OptionId::kPatience};

constexpr bool Reads(const SolverTraits& traits, OptionId option) {
  return kCommonOptions.Has(option) || traits.reads.Has(option);
}

/// All are defined in solvers/solver_list.cpp: what is below the solvers asks for their traits, and links no solver.
std::span<const SolverTraits* const> AllSolvers();
const SolverTraits& TraitsOf(SolverKind solver);
const TrainingOptions& DefaultTraining(SolverKind solver);
/// "'sgd', 'bpr'": those for which `has` is true.
std::string SolverNames(FunctionRef<bool(const SolverTraits& traits)> has);

}  // namespace matfac
