#include "training/warm_start.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/kernels.h"
#include "solvers/bayesian/bayesian_samples.h"

namespace matfac {
namespace {

void RequireSame(std::string_view option, const std::string& given, const std::string& of_the_start) {
  if (given == of_the_start) return;
  throw std::invalid_argument(std::string(option) + " is " + given + ", and warmStart is a model with " +
                              std::string(option) + " " + of_the_start + ": the same is allowed");
}

void CheckShape(const ModelOptions& options, const ModelOptions& start) {
  RequireSame("solver", std::string(SolverName(options.solver)), std::string(SolverName(start.solver)));
  RequireSame("factors", std::to_string(options.factors), std::to_string(start.factors));
  RequireSame("biases", options.biases ? "true" : "false", start.biases ? "true" : "false");
}

void CheckRows(const char* name, const std::vector<Index>& rows, Index count, Index known) {
  if (rows.size() != static_cast<std::size_t>(count)) {
    throw std::invalid_argument(std::string("warmStart has rows for ") + std::to_string(rows.size()) + " " + name +
                                " instead of " + std::to_string(count));
  }
  const auto bad = std::ranges::find_if(rows, [&](Index row) { return row != kUnknown && (row < 0 || row >= known); });
  if (bad == rows.end()) return;
  throw std::invalid_argument(std::string("warmStart has ") + std::to_string(known) + " " + name + ": row " +
                              std::to_string(*bad) + " is not one of them");
}

/// Nothing for a matrix that the solver does not have.
void CopyRows(const FactorMatrix& from, const std::vector<Index>& rows, FactorMatrix& to) {
  if (to.rows() == 0) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row] != kUnknown) to.row(static_cast<Index>(row)) = from.row(rows[row]);
  }
}

void CopyBiases(const std::vector<float>& from, const std::vector<Index>& rows, std::vector<float>& to) {
  if (to.empty()) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row] != kUnknown) to[row] = from[rows[row]];
  }
}

/// Between models of the same rows.
void CopySamples(const Model& from, Model& to) {
  to.user_factors = from.user_factors;
  to.item_factors = from.item_factors;
  to.item_implicit = from.item_implicit;
  to.user_bias = from.user_bias;
  to.item_bias = from.item_bias;
  to.posterior = from.posterior;
  to.mean = from.mean;
}

/// Into the columns of the first sample, which is where a chain starts.
void CopyLastSample(const WarmStart& start, Model& model) {
  const Posterior& posterior = start.model.posterior;
  const int stride = StrideOf(model.options.factors);
  const auto last = static_cast<int>(posterior.samples.size()) - 1;
  const auto copy = [&](const FactorMatrix& from, const std::vector<Index>& rows, float scale, FactorMatrix& to) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row] == kUnknown) continue;
      float* const x = RowOf(to, static_cast<Index>(row));
      std::copy_n(RowOf(from, rows[row]) + last * stride, stride, x);
      kernels::Scale(scale, x, stride);
    }
  };
  copy(start.model.user_factors, start.users, 1.0F, model.user_factors);
  copy(start.model.item_factors, start.items, static_cast<float>(last + 1), model.item_factors);
  if (!model.options.biases) return;
  for (std::size_t user = 0; user < start.users.size(); ++user) {
    if (start.users[user] != kUnknown) model.user_bias[user] = posterior.user_bias(start.users[user], last);
  }
  for (std::size_t item = 0; item < start.items.size(); ++item) {
    if (start.items[item] != kUnknown) model.item_bias[item] = posterior.item_bias(start.items[item], last);
  }
  model.mean = posterior.samples[last].level;
}

bool IsEveryRow(const std::vector<Index>& rows, Index known) {
  if (rows.size() != static_cast<std::size_t>(known)) return false;
  for (Index row = 0; row < known; ++row) {
    if (rows[row] != row) return false;
  }
  return true;
}

}  // namespace

Model StartingModel(const Ratings& ratings, const Options& options, const WarmStart& start) {
  CheckShape(options.model, start.model.options);
  CheckRows("users", start.users, ratings.UserCount(), start.model.UserCount());
  CheckRows("items", start.items, ratings.ItemCount(), start.model.ItemCount());
  Model model = InitialModel(ratings, options.model, options.training.seed);
  if (IsEveryRow(start.users, start.model.UserCount()) && IsEveryRow(start.items, start.model.ItemCount())) {
    model.state = start.model.state;
  }
  if (!start.model.posterior.samples.empty()) {
    if (!model.state.empty() && GoesOnSampling(start.model, options)) {
      CopySamples(start.model, model);
    } else {
      CopyLastSample(start, model);
    }
    return model;
  }
  CopyRows(start.model.user_factors, start.users, model.user_factors);
  CopyRows(start.model.item_factors, start.items, model.item_factors);
  CopyRows(start.model.item_implicit, start.items, model.item_implicit);
  CopyBiases(start.model.user_bias, start.users, model.user_bias);
  CopyBiases(start.model.item_bias, start.items, model.item_bias);
  return model;
}

}  // namespace matfac
