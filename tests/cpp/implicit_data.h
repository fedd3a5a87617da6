#pragma once

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>

#include "data/ratings.h"
#include "data/split.h"
#include "model/model.h"
#include "solvers/solver.h"
#include "support.h"

/// Shared by the tests of implicit feedback: small ratings, also as dense matrices, and models in double precision.
namespace matfac::test {

/// About `share` of all pairs, with weights of 0, ½, 1, 1½ or 2; the last user and the last item have none.
inline RatingColumns RandomWeights(Index users, Index items, double share, unsigned seed) {
  std::mt19937 engine(seed);
  RatingColumns columns;
  for (Index user = 0; user + 1 < users; ++user) {
    for (Index item = 0; item + 1 < items; ++item) {
      if (Draw(engine) >= share) continue;
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(0.5F * static_cast<float>(engine() % 5));
    }
  }
  return columns;
}

inline std::shared_ptr<const Ratings> Frozen(const RatingColumns& columns, Index users, Index items) {
  return std::make_shared<const Ratings>(Ratings::FromTriplets(columns.View(), users, items));
}

inline Eigen::MatrixXd Dense(const RatingColumns& columns, Index users, Index items) {
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(users, items);
  for (std::size_t i = 0; i < columns.values.size(); ++i) dense(columns.users[i], columns.items[i]) = columns.values[i];
  return dense;
}

/// Without the padding.
inline Eigen::MatrixXd Plain(const FactorMatrix& factors, int columns) {
  return factors.leftCols(columns).cast<double>();
}

inline Eigen::VectorXd Plain(const std::vector<float>& values, int count) {
  return Eigen::Map<const Eigen::VectorXf>(values.data(), count).cast<double>();
}

inline FactorMatrix RandomMatrix(Index rows, int factors, double scale, unsigned seed) {
  std::mt19937 engine(seed);
  FactorMatrix matrix = FactorMatrix::Zero(rows, StrideOf(factors));
  for (Index row = 0; row < rows; ++row) {
    for (int f = 0; f < factors; ++f) matrix(row, f) = static_cast<float>(scale * (2.0 * Draw(engine) - 1.0));
  }
  return matrix;
}

inline bool EqualBits(const Model& a, const Model& b) {
  return a.user_factors == b.user_factors && a.item_factors == b.item_factors && a.item_bias == b.item_bias;
}

inline bool HasZeroPadding(const Model& model) {
  const int padding = model.Stride() - model.options.factors;
  return model.user_factors.rightCols(padding).isZero(0.0F) && model.item_factors.rightCols(padding).isZero(0.0F);
}

inline void WorkEpoch(Solver& solver, int epoch, Model& model) {
  Budget endless(std::numeric_limits<double>::infinity());
  ASSERT_TRUE(solver.Work(epoch, model, endless));
}

/// Expects that `body` throws a std::invalid_argument whose message contains `part`.
template <typename Body>
void ExpectInvalid(const Body& body, const std::string& part) {
  try {
    body();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_PRED_FORMAT2(testing::IsSubstring, part, std::string(error.what()));
  }
}

}  // namespace matfac::test
