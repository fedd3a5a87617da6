#include "solvers/solver.h"

#include <array>
#include <type_traits>
#include <utility>

#include "base/errors.h"
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
    ThrowInvalid(
        "{} must be left out with the solver '{}'; the solvers that read features are {}",
        {name, SolverName(solver), SolverNames([](const SolverTraits& traits) { return traits.reads_features; })});
  }
  if (features.RowCount() == rows) return;
  ThrowInvalid("{} must have {} rows; it has {}", {name, rows, features.RowCount()});
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
