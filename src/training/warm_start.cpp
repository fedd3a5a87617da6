#include "training/warm_start.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/text.h"
#include "model/numbers.h"
#include "model/option_table.h"
#include "model/ordinal.h"
#include "model/solver_traits.h"
#include "model/tensors.h"
#include "solvers/bayesian/bayesian_samples.h"

namespace matfac {
namespace {

void RequireSame(std::string_view option, const std::string& given, const std::string& of_the_start) {
  if (given == of_the_start) return;
  ThrowInvalid("{} must be {}, as in the model of warmStart; it is {}", {option, of_the_start, given});
}

void CheckShape(const ModelOptions& options, const ModelOptions& start) {
  RequireSame("solver", Quoted(SolverName(options.solver)), Quoted(SolverName(start.solver)));
  RequireSame("factors", NumberText(options.factors), NumberText(start.factors));
  RequireSame("biases", options.biases ? "true" : "false", start.biases ? "true" : "false");
}

/// Samples of two chains stand side by side only in equal numbers.
void CheckKept(const ModelOptions& options, const WarmStart& warm) {
  const auto check_shares = [](const char* name, const std::vector<float>& shares, std::size_t rows) {
    if (!shares.empty()) RequireLength(name, shares.size(), rows);
  };
  check_shares("warmStart.userShares", warm.user_shares, warm.users.size());
  check_shares("warmStart.itemShares", warm.item_shares, warm.items.size());
  const Model& start = warm.model;
  // The cut points of one training would not fit the scores of another.
  if (IsOrdinal(options) || IsOrdinal(start.options)) {
    ThrowInvalid(
        "likelihood must be 'gaussian' in a training with keep, and in the model of warmStart; it is 'ordinal'");
  }
  if (TraitsOf(options.solver).fold_in != FoldInKind::kPosterior) return;
  RequireSame("samples", NumberText(options.samples), NumberText(start.options.samples));
  if (start.posterior.samples.empty()) {
    ThrowInvalid("warmStart must be a model with its samples, for keep; it is without");
  }
}

/// `name` is "users" or "items".
void CheckRows(const char* name, const std::vector<Index>& rows, Index count, Index known) {
  if (rows.size() != static_cast<std::size_t>(count)) {
    ThrowInvalid("warmStart.{} must be a row for each of the {} {}; it is {} rows", {name, count, name, rows.size()});
  }
  const auto bad = std::ranges::find_if(rows, [&](Index row) { return row != kUnknown && (row < 0 || row >= known); });
  if (bad == rows.end()) return;
  ThrowInvalid("a row of warmStart.{} must be below {}, or -1 for a new one; it is {}", {name, known, *bad});
}

void CopyRows(const FactorMatrix& from, const std::vector<Index>& rows, FactorMatrix& to) {
  if (to.rows() == 0 || from.rows() == 0) return;
  // Models with other numbers of samples differ in columns; the first sample is where a chain starts.
  const auto columns = std::min(from.cols(), to.cols());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row] != kUnknown) std::copy_n(RowOf(from, rows[row]), columns, RowOf(to, static_cast<Index>(row)));
  }
}

void CopyRows(const std::vector<float>& from, const std::vector<Index>& rows, std::vector<float>& to) {
  if (to.empty() || from.empty()) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row] != kUnknown) to[row] = from[rows[row]];
  }
}

/// The rows of the users and items that the start knows, of every tensor that the model has.
void CopyKnownRows(const WarmStart& start, Model& model) {
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.IsOfPosterior() || !IsOfRows(tensor)) continue;
    // Counted in the new ratings.
    if (tensor.presence == TensorPresence::kDiscount) continue;
    const std::vector<Index>& rows = tensor.rows == TensorRows::kUsers ? start.users : start.items;
    if (tensor.IsMatrix()) {
      CopyRows(MatrixOf(start.model, tensor), rows, MatrixOf(model, tensor));
    } else {
      CopyRows(NumbersOf(start.model, tensor), rows, NumbersOf(model, tensor));
    }
  }
}

/// Every tensor, between models of the same rows.
void CopyTensors(const Model& from, Model& to) {
  to.posterior = from.posterior;
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.IsOfPosterior()) continue;
    if (tensor.IsMatrix()) {
      MatrixOf(to, tensor) = MatrixOf(from, tensor);
    } else {
      NumbersOf(to, tensor) = NumbersOf(from, tensor);
    }
  }
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
  if (start.keep) CheckKept(options.model, start);
  CheckRows("users", start.users, ratings.UserCount(), start.model.UserCount());
  CheckRows("items", start.items, ratings.ItemCount(), start.model.ItemCount());
  Model model = InitialModel(ratings, options.model, options.training.seed);
  if (IsEveryRow(start.users, start.model.UserCount()) && IsEveryRow(start.items, start.model.ItemCount())) {
    model.state = start.model.state;
    const bool same_layer = start.model.preference_terms.size() == model.preference_terms.size();
    if (same_layer) model.preference_terms = start.model.preference_terms;
  }
  if (!start.model.posterior.samples.empty()) {
    if (!model.state.empty() && GoesOnSampling(start.model, options)) {
      CopyTensors(start.model, model);
    } else {
      CopyLastSample(start, model);
    }
    return model;
  }
  CopyKnownRows(start, model);
  model.user_feature_weights = start.model.user_feature_weights;
  model.item_feature_weights = start.model.item_feature_weights;
  model.feature_ridges = start.model.feature_ridges;
  if (start.keep) model.mean = start.model.mean;
  return model;
}

}  // namespace matfac
