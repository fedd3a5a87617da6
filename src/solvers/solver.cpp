#include "solvers/solver.h"

#include <array>
#include <type_traits>
#include <utility>

#include "solvers/preference_layer.h"
#include "solvers/solver_list.h"

namespace matfac {
namespace {

using Maker = std::unique_ptr<Solver> (*)(const Ratings&, const Options&, Workers&);

template <typename S>
std::unique_ptr<Solver> Make(const Ratings& ratings, const Options& options, Workers& workers) {
  if constexpr (std::is_constructible_v<S, const Ratings&, const Options&, Workers&>) {
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

}  // namespace

std::unique_ptr<Solver> MakeSolver(const Ratings& ratings, const Options& options, Workers& workers) {
  const Maker make = kMakers[static_cast<std::size_t>(options.model.solver)];
  if (!options.model.preference) return make(ratings, options, workers);
  auto layer = std::make_unique<PreferenceLayer>(ratings, options, workers);
  if (options.model.solver == SolverKind::kVariational) {
    auto variational = std::make_unique<Variational>(ratings, options, workers, layer.get());
    return WithPreference(std::move(layer), std::move(variational));
  }
  return WithPreference(std::move(layer), make(ratings, options, workers));
}

}  // namespace matfac
