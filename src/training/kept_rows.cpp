#include "training/kept_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/tensors.h"

namespace matfac {
namespace {

/// The rows 0 … known − 1 that are not among `rows`.
std::vector<Index> OtherRows(const std::vector<Index>& rows, Index known) {
  std::vector<bool> is_among(known);
  for (const Index row : rows) {
    if (row != kUnknown) is_among[row] = true;
  }
  std::vector<Index> others;
  for (Index row = 0; row < known; ++row) {
    if (!is_among[row]) others.push_back(row);
  }
  return others;
}

void AppendRows(const FactorMatrix& from, const std::vector<Index>& rows, FactorMatrix& to) {
  if (to.rows() == 0) return;
  const auto first = static_cast<Index>(to.rows());
  to.conservativeResize(first + static_cast<Index>(rows.size()), Eigen::NoChange);
  to.bottomRows(static_cast<Index>(rows.size())).setZero();
  const auto columns = std::min(from.cols(), to.cols());
  if (from.rows() == 0) return;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    std::copy_n(RowOf(from, rows[j]), columns, RowOf(to, first + static_cast<Index>(j)));
  }
}

void AppendRows(const std::vector<float>& from, const std::vector<Index>& rows, std::vector<float>& to) {
  if (to.empty()) return;
  for (const Index row : rows) to.push_back(from.empty() ? 0.0F : from[row]);
}

/// Of a Bayesian model: `count` samples, in turn from those drawn, or the last of them.
void Resample(int count, Model& model) {
  std::vector<PosteriorSample>& samples = model.posterior.samples;
  const auto drawn = static_cast<int>(samples.size());
  if (drawn == count) return;
  const auto source = [&](int sample) { return drawn < count ? sample % drawn : sample + drawn - count; };
  for (const TensorRule& tensor : Tensors()) {
    if (!tensor.IsMatrix() || MatrixOf(model, tensor).rows() == 0) continue;
    FactorMatrix& matrix = MatrixOf(model, tensor);
    const int width = tensor.columns == TensorColumns::kFactors ? StrideOf(model.options.factors) : 1;
    for (int sample = 0; sample < count; ++sample) {
      matrix.middleCols(sample * width, width) = matrix.middleCols(source(sample) * width, width).eval();
    }
    matrix.rightCols(matrix.cols() - count * width).setZero();
  }
  // They are divided by the number of samples.
  model.item_factors *= static_cast<float>(drawn) / static_cast<float>(count);
  const std::vector<PosteriorSample> before = samples;
  samples.resize(count);
  model.mean = 0.0;
  for (int sample = 0; sample < count; ++sample) {
    samples[sample] = before[source(sample)];
    model.mean += static_cast<double>(samples[sample].level) / count;
  }
  if (!model.options.biases) return;
  const auto to_means = [&](const FactorMatrix& biases, std::vector<float>& means) {
    for (std::size_t row = 0; row < means.size(); ++row) {
      means[row] = biases.row(static_cast<Index>(row)).leftCols(count).mean();
    }
  };
  to_means(model.posterior.user_bias, model.user_bias);
  to_means(model.posterior.item_bias, model.item_bias);
}

/// Takes the mean and the levels of the warm start; what changed since is in the items' biases, where visitors have it
/// too.
void TakeLevels(const Model& start, Model& model) {
  const auto shift = static_cast<float>(model.mean - start.mean);
  model.mean = start.mean;
  if (!model.options.biases || IsImplicit(model.options.solver)) return;
  for (float& bias : model.item_bias) bias += shift;
  for (std::size_t sample = 0; sample < model.posterior.samples.size(); ++sample) {
    float& level = model.posterior.samples[sample].level;
    const float before = start.posterior.samples[sample].level;
    model.posterior.item_bias.col(static_cast<Index>(sample)).array() += level - before;
    level = before;
  }
}

/// One side of a warm start: its row for each row of the ratings, and its share in it.
struct Side {
  const std::vector<Index>& rows;
  const std::vector<float>& shares;
  std::vector<Index> others;

  float Share(std::size_t row) const { return shares.empty() || rows[row] == kUnknown ? 0.0F : shares[row]; }
  bool Changes() const {
    if (!others.empty()) return true;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (Share(row) > 0.0F) return true;
    }
    return false;
  }
};

void Mix(const FactorMatrix& from, const Side& side, FactorMatrix& to) {
  if (to.rows() == 0 || from.rows() == 0) return;
  const auto columns = std::min(from.cols(), to.cols());
  for (std::size_t row = 0; row < side.rows.size(); ++row) {
    const float share = side.Share(row);
    if (share == 0.0F) continue;
    auto x = to.row(static_cast<Index>(row)).head(columns);
    x = (1.0F - share) * x + share * from.row(side.rows[row]).head(columns);
  }
}

void Mix(const std::vector<float>& from, const Side& side, std::vector<float>& to) {
  if (to.empty() || from.empty()) return;
  for (std::size_t row = 0; row < side.rows.size(); ++row) {
    const float share = side.Share(row);
    if (share > 0.0F) to[row] = (1.0F - share) * to[row] + share * from[side.rows[row]];
  }
}

/// Of popularity, whose bias is a count m: m / (1 − share) = m + n.
void AddCounts(const Side& items, Model& model) {
  for (std::size_t item = 0; item < items.rows.size(); ++item) {
    model.item_bias[item] = std::round(model.item_bias[item] / (1.0F - items.Share(item)));
  }
}

}  // namespace

Model WithKept(const Model& trained, const WarmStart& start) {
  const Model& from = start.model;
  const Side users{start.users, start.user_shares, OtherRows(start.users, from.UserCount())};
  const Side items{start.items, start.item_shares, OtherRows(start.items, from.ItemCount())};
  Model model = trained;
  model.minimum = std::min(model.minimum, from.minimum);
  model.maximum = std::max(model.maximum, from.maximum);
  if (!users.Changes() && !items.Changes()) return model;
  model.state.clear();
  if (!model.posterior.samples.empty()) Resample(static_cast<int>(from.posterior.samples.size()), model);
  TakeLevels(from, model);
  const bool counts = model.options.solver == SolverKind::kPopularity;
  if (counts) AddCounts(items, model);
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.rows != TensorRows::kUsers && tensor.rows != TensorRows::kItems) continue;
    const Side& side = tensor.rows == TensorRows::kUsers ? users : items;
    const auto merge = [&](const auto& old, auto& now) {
      if (!counts) Mix(old, side, now);
      AppendRows(old, side.others, now);
    };
    if (tensor.IsMatrix()) {
      merge(MatrixOf(from, tensor), MatrixOf(model, tensor));
    } else {
      merge(NumbersOf(from, tensor), NumbersOf(model, tensor));
    }
  }
  return model;
}

}  // namespace matfac
