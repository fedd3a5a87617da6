#include "solvers/gradient_descent.h"

#include <cmath>
#include <limits>

#include "base/kernels.h"
#include "solvers/learning_rate.h"

namespace matfac {

GradientDescent::GradientDescent(const Ratings& ratings, const Options& options)
    : ratings_(ratings), options_(options) {}

bool GradientDescent::Work(int epoch, Model& model, Budget& budget) {
  if (!Accumulate(model, budget)) return false;
  Regularize(model);
  Step(model, static_cast<float>(LearningRate(options_.training, epoch)),
       static_cast<float>(BiasLearningRate(options_.training, epoch)));
  next_user_ = 0;
  return true;
}

Gradient GradientDescent::At(const Model& model) {
  Budget endless(std::numeric_limits<double>::infinity());
  next_user_ = 0;
  Accumulate(model, endless);
  Regularize(model);
  next_user_ = 0;
  return gradient_;
}

bool GradientDescent::Accumulate(const Model& model, Budget& budget) {
  const int stride = model.Stride();
  if (next_user_ == 0) {
    gradient_.user_factors.setZero(model.UserCount(), stride);
    gradient_.item_factors.setZero(model.ItemCount(), stride);
    gradient_.user_bias.assign(model.user_bias.size(), 0.0F);
    gradient_.item_bias.assign(model.item_bias.size(), 0.0F);
  }
  while (next_user_ < model.UserCount()) {
    const Offset count = AddUser(model, next_user_++);
    if (budget.Spend(std::int64_t{3} * count * stride)) break;
  }
  return next_user_ == model.UserCount();
}

Offset GradientDescent::AddUser(const Model& model, Index user) {
  const int stride = model.Stride();
  const RatingsRow row = ratings_.ByUser().Row(user);
  for (std::size_t j = 0; j < row.others.size(); ++j) {
    const Index item = row.others[j];
    const auto error = static_cast<float>(model.Score(user, item) - row.values[j]);
    kernels::Axpy(error, RowOf(model.item_factors, item), RowOf(gradient_.user_factors, user), stride);
    kernels::Axpy(error, RowOf(model.user_factors, user), RowOf(gradient_.item_factors, item), stride);
    if (!model.options.biases) continue;
    gradient_.user_bias[user] += error;
    gradient_.item_bias[item] += error;
  }
  return static_cast<Offset>(row.others.size());
}

void GradientDescent::Regularize(const Model& model) {
  const auto lambda = static_cast<float>(options_.model.regularization);
  const auto bias_lambda = static_cast<float>(options_.model.BiasRegularization());
  if (lambda == 0.0F && bias_lambda == 0.0F) return;
  gradient_.user_factors += lambda * model.user_factors;
  gradient_.item_factors += lambda * model.item_factors;
  for (std::size_t n = 0; n < model.user_bias.size(); ++n) gradient_.user_bias[n] += bias_lambda * model.user_bias[n];
  for (std::size_t m = 0; m < model.item_bias.size(); ++m) gradient_.item_bias[m] += bias_lambda * model.item_bias[m];
}

void GradientDescent::Step(Model& model, float rate, float bias_rate) const {
  model.user_factors -= rate * gradient_.user_factors;
  model.item_factors -= rate * gradient_.item_factors;
  for (std::size_t n = 0; n < model.user_bias.size(); ++n) model.user_bias[n] -= bias_rate * gradient_.user_bias[n];
  for (std::size_t m = 0; m < model.item_bias.size(); ++m) model.item_bias[m] -= bias_rate * gradient_.item_bias[m];
}

}  // namespace matfac
