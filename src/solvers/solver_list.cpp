#include "solvers/solver_list.h"

#include <array>
#include <span>

#include "base/text.h"

namespace matfac {
namespace {

template <typename... Solvers>
constexpr std::array<const SolverTraits*, sizeof...(Solvers)> TraitsIn(SolverList<Solvers...> /*all*/) {
  return {&Solvers::kTraits...};
}

template <typename... Solvers>
constexpr std::array<const TrainingOptions*, sizeof...(Solvers)> TrainingIn(SolverList<Solvers...> /*all*/) {
  return {&Solvers::kTraining...};
}

constexpr auto kTraits = TraitsIn(AllSolverClasses());
constexpr auto kTraining = TrainingIn(AllSolverClasses());

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kTraits.size(); ++i) {
    if (static_cast<std::size_t>(kTraits[i]->kind) != i) return false;
  }
  return true;
}
static_assert(IsInOrder());

}  // namespace

std::span<const SolverTraits* const> AllSolvers() { return kTraits; }

std::string SolverNames(FunctionRef<bool(const SolverTraits&)> has) {
  std::string names;
  for (const SolverTraits* const traits : kTraits) {
    if (has(*traits)) names += Message("{}'{}'", {names.empty() ? "" : ", ", traits->name});
  }
  return names;
}

const TrainingOptions& DefaultTraining(SolverKind solver) { return *kTraining[static_cast<std::size_t>(solver)]; }

const SolverTraits& TraitsOf(SolverKind solver) { return *kTraits[static_cast<std::size_t>(solver)]; }

}  // namespace matfac
