#include "support.h"

#include <Eigen/Cholesky>
#include <algorithm>

namespace matfac::test {

SharedRatings Freeze(const RatingColumns& columns, Index users, Index items) {
  return std::make_shared<const Ratings>(Ratings::FromTriplets(columns.View(), users, items));
}

SharedRatings Freeze(const GeneratedRatings& generated) {
  return Freeze(generated.columns, generated.user_count, generated.item_count);
}

RatingColumns RandomColumns(Index users, Index items, double share, unsigned seed) {
  std::mt19937 engine(seed);
  RatingColumns sorted;
  std::vector<std::size_t> order;
  for (Index user = 0; user + 1 < users; ++user) {
    for (Index item = 0; item + 1 < items; ++item) {
      if (Draw(engine) >= share) continue;
      order.push_back(order.size());
      sorted.users.push_back(user);
      sorted.items.push_back(item);
      sorted.values.push_back(0.5F * static_cast<float>(1 + engine() % 10));
    }
  }
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[engine() % i]);
  RatingColumns columns;
  for (const std::size_t i : order) columns.Add(sorted.View(), i);
  return columns;
}

RatingColumns FourOfEach(Index rows) {
  RatingColumns columns;
  for (Index user = 0; user < rows; ++user) {
    for (const Index step : {0, 7, 19, 44}) {
      columns.users.push_back(user);
      columns.items.push_back((user + step) % rows);
      columns.values.push_back(static_cast<float>(1 + (user * 7 + step * 5) % 11));
    }
  }
  return columns;
}

std::vector<float> RandomFloats(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(2.0 * Draw(engine) - 1.0);
  return values;
}

Model StartModel(const Ratings& ratings, const Options& options) {
  Model model = InitialModel(ratings, options.model, options.training.seed);
  model.user_bias = RandomFloats(model.user_bias.size(), 101);
  model.item_bias = RandomFloats(model.item_bias.size(), 102);
  return model;
}

PlainModel::PlainModel(const Model& model)
    : users(model.user_factors.leftCols(model.options.factors).cast<double>()),
      items(model.item_factors.leftCols(model.options.factors).cast<double>()),
      user_bias(Eigen::VectorXd::Zero(users.rows())),
      item_bias(Eigen::VectorXd::Zero(items.rows())),
      baseline(model.options.biases ? model.mean : 0.0) {
  for (std::size_t n = 0; n < model.user_bias.size(); ++n) user_bias(n) = model.user_bias[n];
  for (std::size_t m = 0; m < model.item_bias.size(); ++m) item_bias(m) = model.item_bias[m];
}

double PlainModel::Score(Index user, Index item) const {
  return baseline + user_bias(user) + item_bias(item) + users.row(user).dot(items.row(item));
}

double PlainModel::SquaredLoss(const RatingColumns& columns) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const double error = Score(columns.users[i], columns.items[i]) - columns.values[i];
    sum += error * error;
  }
  return 0.5 * sum;
}

double PlainModel::SquaredNorm() const {
  return users.squaredNorm() + items.squaredNorm() + user_bias.squaredNorm() + item_bias.squaredNorm();
}

double LargestDifference(const PlainModel& a, const PlainModel& b) {
  return std::max({(a.users - b.users).cwiseAbs().maxCoeff(), (a.items - b.items).cwiseAbs().maxCoeff(),
                   (a.user_bias - b.user_bias).cwiseAbs().maxCoeff(),
                   (a.item_bias - b.item_bias).cwiseAbs().maxCoeff()});
}

Eigen::MatrixXd Solve(const Eigen::MatrixXd& matrix, const Eigen::MatrixXd& right) { return matrix.llt().solve(right); }

Eigen::VectorXd DenseRidge(const Eigen::MatrixXd& design, const Eigen::VectorXd& targets,
                           const Eigen::VectorXd& penalties) {
  Eigen::MatrixXd normal = design.transpose() * design;
  normal.diagonal() += penalties;
  return Solve(normal, design.transpose() * targets);
}

bool PaddingIsZero(const Model& model) {
  const int padding = model.Stride() - model.options.factors;
  return model.user_factors.rightCols(padding).isZero(0.0F) && model.item_factors.rightCols(padding).isZero(0.0F);
}

bool SameBits(const Model& a, const Model& b) {
  const auto same = [](const FactorMatrix& x, const FactorMatrix& y) {
    return x.rows() == y.rows() && x.cols() == y.cols() && x == y;
  };
  return same(a.user_factors, b.user_factors) && same(a.item_factors, b.item_factors) && a.user_bias == b.user_bias &&
         a.item_bias == b.item_bias && same(a.item_implicit, b.item_implicit) && same(a.taken_items, b.taken_items) &&
         same(a.liked_users, b.liked_users) && same(a.liked_items, b.liked_items) &&
         a.preference_terms == b.preference_terms && same(a.user_variances, b.user_variances) &&
         same(a.item_variances, b.item_variances) && a.row_priors == b.row_priors &&
         a.ordinal_terms == b.ordinal_terms && a.state == b.state && a.mean == b.mean;
}

bool IsFinite(const Model& model) {
  const PlainModel plain(model);
  return plain.users.allFinite() && plain.items.allFinite() && plain.user_bias.allFinite() &&
         plain.item_bias.allFinite();
}

void WorkWhole(Solver& solver, int epoch, Model& model) {
  Budget endless(kEndless);
  ASSERT_TRUE(solver.Work(epoch, model, endless));
}

}  // namespace matfac::test
