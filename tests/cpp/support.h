#pragma once

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <initializer_list>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "data/generator.h"
#include "data/ratings.h"
#include "data/split.h"
#include "model/model.h"
#include "model/options.h"
#include "solvers/solver.h"

/// Shared by several tests: small ratings, and simple formulas in double precision to compare with.
namespace matfac::test {

inline constexpr double kEndless = std::numeric_limits<double>::infinity();

using SharedRatings = std::shared_ptr<const Ratings>;

SharedRatings Freeze(const RatingColumns& columns, Index users, Index items);
SharedRatings Freeze(const GeneratedRatings& generated);

/// A number in [0, 1) from the standard's own generator, whose numbers are the same everywhere.
inline double Draw(std::mt19937& engine) { return static_cast<double>(engine()) / 4294967296.0; }

/// About `share` of all pairs with half stars from 0.5 to 5, in random order; the last user and the last item have
/// none.
RatingColumns RandomColumns(Index users, Index items, double share, unsigned seed);
/// Of as many users as items, each with four ratings, of 1 to 11.
RatingColumns FourOfEach(Index rows);

/// Uniform on [−1, 1).
std::vector<float> RandomFloats(std::size_t count, unsigned seed);

/// InitialModel whose biases, if it has any, are not all zero.
Model StartModel(const Ratings& ratings, const Options& options);

/// The model's numbers in double precision, without padding; zeros for biases that it does not have.
struct PlainModel {
  Eigen::MatrixXd users;
  Eigen::MatrixXd items;
  Eigen::VectorXd user_bias;
  Eigen::VectorXd item_bias;
  double baseline = 0.0;

  explicit PlainModel(const Model& model);

  double Score(Index user, Index item) const;
  /// ½ Σ (r̂ − r)²
  double SquaredLoss(const RatingColumns& columns) const;
  double SquaredNorm() const;
};

double LargestDifference(const PlainModel& a, const PlainModel& b);

/// matrix⁻¹ · right for a symmetric positive matrix.
Eigen::MatrixXd Solve(const Eigen::MatrixXd& matrix, const Eigen::MatrixXd& right);

/// The x that minimizes Σ_j (t_j − a_j·x)² + Σ_k p_k x_k², by dense normal equations: the rows a_j of `design`, the
/// targets t, the penalties p > 0.
Eigen::VectorXd DenseRidge(const Eigen::MatrixXd& design, const Eigen::VectorXd& targets,
                           const Eigen::VectorXd& penalties);

bool PaddingIsZero(const Model& model);
bool SameBits(const Model& a, const Model& b);
bool IsFinite(const Model& model);

/// Runs a whole epoch in one slice.
void WorkWhole(Solver& solver, int epoch, Model& model);

/// Expects that `body` throws an Error whose message contains each of `parts`.
template <typename Error, typename Body>
void ExpectError(Body&& body, std::initializer_list<const char*> parts) {
  try {
    std::forward<Body>(body)();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    for (const char* part : parts) EXPECT_PRED_FORMAT2(testing::IsSubstring, part, std::string(error.what()));
  }
}

}  // namespace matfac::test
