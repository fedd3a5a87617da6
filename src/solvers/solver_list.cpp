#include "solvers/solver_list.h"

#include <array>
#include <span>

namespace matfac {
namespace {

template <typename... Solvers>
constexpr std::array<const SolverTraits*, sizeof...(Solvers)> TraitsIn(SolverList<Solvers...> /*all*/) {
  return {&Solvers::kTraits...};
}

constexpr auto kTraits = TraitsIn(AllSolverClasses());

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kTraits.size(); ++i) {
    if (static_cast<std::size_t>(kTraits[i]->kind) != i) return false;
  }
  return true;
}
static_assert(IsInOrder());

}  // namespace

std::span<const SolverTraits* const> AllSolvers() { return kTraits; }

const SolverTraits& TraitsOf(SolverKind solver) { return *kTraits[static_cast<std::size_t>(solver)]; }

}  // namespace matfac
