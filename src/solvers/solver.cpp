#include "solvers/solver.h"

#include <array>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/text.h"
#include "solvers/preference_layer.h"
#include "solvers/solver_list.h"

namespace matfac {
namespace {

using Maker = std::unique_ptr<Solver> (*)(const Ratings&, const Options&, Workers&, const SideFeatures&);

template <typename S>
std::unique_ptr<Solver> Make(const Ratings& ratings, const Options& options, Workers& workers,
                             const SideFeatures& features) {
  static_assert(S::kTraits.reads_features ==
                std::is_constructible_v<S, const Ratings&, const Options&, Workers&, const SideFeatures&>);
  if constexpr (S::kTraits.reads_features) {
    return std::make_unique<S>(ratings, options, workers, features);
  } else if constexpr (std::is_constructible_v<S, const Ratings&, const Options&, Workers&>) {
    return std::make_unique<S>(ratings, options, workers);
  } else if constexpr (std::is_constructible_v<S, const Ratings&, const Options&>) {
    return std::make_unique<S>(ratings, options);
  } else {
    return std::make_unique<S>(ratings);
  }
}

template <typename... Solvers>
constexpr std::array<Maker, sizeof...(Solvers)> MakersIn(SolverList<Solvers...> /*all*/) {
  return {&Make<Solvers>...};
}

constexpr auto kMakers = MakersIn(AllSolverClasses());

void CheckSide(const char* name, const Features& features, Index rows, SolverKind solver) {
  if (features.IsEmpty()) return;
  if (!TraitsOf(solver).reads_features) {
    throw std::invalid_argument(
        Concat({name, " must be left out with the solver ", Quoted(SolverName(solver)),
                "; the solvers that read features are ",
                SolverNames([](const SolverTraits& traits) { return traits.reads_features; })}));
  }
  if (features.RowCount() == rows) return;
  throw std::invalid_argument(
      Concat({name, " must have ", std::to_string(rows), " rows; it has ", std::to_string(features.RowCount())}));
}

}  // namespace

std::unique_ptr<Solver> MakeSolver(const Ratings& ratings, const Options& options, Workers& workers,
                                   const SideFeatures& features) {
  CheckSide("userFeatures", features.users, ratings.UserCount(), options.model.solver);
  CheckSide("itemFeatures", features.items, ratings.ItemCount(), options.model.solver);
  const Maker make = kMakers[static_cast<std::size_t>(options.model.solver)];
  if (!options.model.preference) return make(ratings, options, workers, features);
  auto layer = std::make_unique<PreferenceLayer>(ratings, options, workers, features);
  if (options.model.solver == SolverKind::kVariational) {
    auto variational = std::make_unique<Variational>(ratings, options, workers, features, layer.get());
    return WithPreference(std::move(layer), std::move(variational));
  }
  return WithPreference(std::move(layer), make(ratings, options, workers, features));
}

}  // namespace matfac
