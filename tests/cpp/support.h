#pragma once

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <initializer_list>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "generator.h"
#include "model.h"
#include "options.h"
#include "ratings.h"
#include "solvers/solver.h"
#include "split.h"

/// What several tests need: small ratings, and the model in plain double precision to check against.
namespace matfac::test {

inline constexpr double kEndless = std::numeric_limits<double>::infinity();

using SharedRatings = std::shared_ptr<const Ratings>;

inline SharedRatings Freeze(const RatingColumns& columns, Index users, Index items) {
  return std::make_shared<const Ratings>(Ratings::FromTriplets(columns.View(), users, items));
}

inline SharedRatings Freeze(const GeneratedRatings& generated) {
  return Freeze(generated.columns, generated.user_count, generated.item_count);
}

/// A number in [0, 1) from the standard's own generator, whose numbers are the same everywhere.
inline double Draw(std::mt19937& engine) { return static_cast<double>(engine()) / 4294967296.0; }

/// About `share` of all pairs with half stars from 0.5 to 5, in random order; the last user and the last item have
/// none.
inline RatingColumns RandomColumns(Index users, Index items, double share, unsigned seed) {
  std::mt19937 engine(seed);
  struct Rating {
    Index user;
    Index item;
    float value;
  };
  std::vector<Rating> ratings;
  for (Index user = 0; user + 1 < users; ++user) {
    for (Index item = 0; item + 1 < items; ++item) {
      if (Draw(engine) < share) ratings.push_back({user, item, 0.5F * static_cast<float>(1 + engine() % 10)});
    }
  }
  for (std::size_t i = ratings.size(); i > 1; --i) std::swap(ratings[i - 1], ratings[engine() % i]);
  RatingColumns columns;
  for (const Rating& rating : ratings) {
    columns.users.push_back(rating.user);
    columns.items.push_back(rating.item);
    columns.values.push_back(rating.value);
  }
  return columns;
}

inline std::vector<float> RandomFloats(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(2.0 * Draw(engine) - 1.0);
  return values;
}

/// InitialModel with biases that are not all zero, where there are biases.
inline Model StartModel(const Ratings& ratings, const Options& options) {
  Model model = InitialModel(ratings, options.model, options.training.seed);
  if (!options.model.biases) return model;
  model.user_bias = RandomFloats(model.user_bias.size(), 101);
  model.item_bias = RandomFloats(model.item_bias.size(), 102);
  return model;
}

/// The model's numbers in double precision, without padding; zeros for biases that it has not.
struct PlainModel {
  Eigen::MatrixXd users;
  Eigen::MatrixXd items;
  Eigen::VectorXd user_bias;
  Eigen::VectorXd item_bias;
  double baseline = 0.0;

  explicit PlainModel(const Model& model)
      : users(model.user_factors.leftCols(model.options.factors).cast<double>()),
        items(model.item_factors.leftCols(model.options.factors).cast<double>()),
        user_bias(Eigen::VectorXd::Zero(users.rows())),
        item_bias(Eigen::VectorXd::Zero(items.rows())),
        baseline(model.options.biases ? model.mean : 0.0) {
    for (std::size_t n = 0; n < model.user_bias.size(); ++n) user_bias(n) = model.user_bias[n];
    for (std::size_t m = 0; m < model.item_bias.size(); ++m) item_bias(m) = model.item_bias[m];
  }

  double Score(Index user, Index item) const {
    return baseline + user_bias(user) + item_bias(item) + users.row(user).dot(items.row(item));
  }
  /// ½ Σ (r̂ − r)²
  double SquaredLoss(const RatingColumns& columns) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < columns.values.size(); ++i) {
      const double error = Score(columns.users[i], columns.items[i]) - columns.values[i];
      sum += error * error;
    }
    return 0.5 * sum;
  }
  double SquaredNorm() const {
    return users.squaredNorm() + items.squaredNorm() + user_bias.squaredNorm() + item_bias.squaredNorm();
  }
};

inline double LargestDifference(const PlainModel& a, const PlainModel& b) {
  return std::max({(a.users - b.users).cwiseAbs().maxCoeff(), (a.items - b.items).cwiseAbs().maxCoeff(),
                   (a.user_bias - b.user_bias).cwiseAbs().maxCoeff(),
                   (a.item_bias - b.item_bias).cwiseAbs().maxCoeff()});
}

inline bool PaddingIsZero(const Model& model) {
  const int padding = model.Stride() - model.options.factors;
  return model.user_factors.rightCols(padding).isZero(0.0F) && model.item_factors.rightCols(padding).isZero(0.0F);
}

inline bool SameBits(const Model& a, const Model& b) {
  return a.user_factors == b.user_factors && a.item_factors == b.item_factors && a.user_bias == b.user_bias &&
         a.item_bias == b.item_bias;
}

inline bool IsFinite(const Model& model) {
  const PlainModel plain(model);
  return plain.users.allFinite() && plain.items.allFinite() && plain.user_bias.allFinite() &&
         plain.item_bias.allFinite();
}

/// A whole epoch, at once.
inline void WorkWhole(Solver& solver, int epoch, Model& model) {
  Budget endless(kEndless);
  ASSERT_TRUE(solver.Work(epoch, model, endless));
}

/// `body` throws an Error whose message holds every one of `parts`.
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
