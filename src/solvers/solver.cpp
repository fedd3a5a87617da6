#include "solvers/solver.h"

#include <array>
#include <type_traits>

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
  return make(ratings, options, workers);
}

}  // namespace matfac
