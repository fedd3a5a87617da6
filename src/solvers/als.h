#pragma once

#include <vector>

#include "ridge.h"
#include "solvers/solver.h"

namespace matfac {

/// Alternating least squares (Zhou et al. 2008, "Large-scale parallel collaborative filtering for the Netflix Prize"),
/// with biases solved together with the factors of their row.
///   L = ½ Σ (r − r̂)² + ½ Σ_rows (λ_n ‖x‖² + λ_b b²), λ_n and λ_b of StrengthOf
/// An epoch solves every item with the users fixed, then every user with the items fixed, each exactly: L never rises,
/// and what an epoch leaves in U is the fold-in of each user's own ratings.
class Als final : public Solver {
 public:
  Als(const Ratings& ratings, const Options& options);

  bool Work(int epoch, Model& model, Budget& budget) override;

 private:
  bool SolveItems(Model& model, Budget& budget);
  bool SolveUsers(Model& model, Budget& budget);

  const Ratings& ratings_;
  RidgeSystem system_;
  std::vector<float> targets_;
  Index next_item_ = 0;
  Index next_user_ = 0;
};

}  // namespace matfac
