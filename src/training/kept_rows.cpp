#include "training/kept_rows.h"

#include <algorithm>
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
  const Index first = static_cast<Index>(to.rows());
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
    const bool sampled = tensor.columns == TensorColumns::kFactors || tensor.columns == TensorColumns::kSamples;
    if (!sampled || MatrixOf(model, tensor).rows() == 0) continue;
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
    model.mean += samples[sample].level / count;
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

void AddCounts(const WarmStart& start, Model& model) {
  for (std::size_t item = 0; item < start.items.size(); ++item) {
    if (start.items[item] != kUnknown) model.item_bias[item] += start.model.item_bias[start.items[item]];
  }
}

}  // namespace

Model WithKept(const Model& trained, const WarmStart& start) {
  const Model& from = start.model;
  const std::vector<Index> users = OtherRows(start.users, from.UserCount());
  const std::vector<Index> items = OtherRows(start.items, from.ItemCount());
  Model model = trained;
  model.minimum = std::min(model.minimum, from.minimum);
  model.maximum = std::max(model.maximum, from.maximum);
  if (model.options.solver == SolverKind::kPopularity) AddCounts(start, model);
  if (users.empty() && items.empty()) return model;
  model.state.clear();
  if (!model.posterior.samples.empty()) Resample(static_cast<int>(from.posterior.samples.size()), model);
  TakeLevels(from, model);
  for (const TensorRule& tensor : Tensors()) {
    if (tensor.rows != TensorRows::kUsers && tensor.rows != TensorRows::kItems) continue;
    const std::vector<Index>& rows = tensor.rows == TensorRows::kUsers ? users : items;
    if (tensor.IsMatrix()) {
      AppendRows(MatrixOf(from, tensor), rows, MatrixOf(model, tensor));
    } else {
      AppendRows(NumbersOf(from, tensor), rows, NumbersOf(model, tensor));
    }
  }
  return model;
}

}  // namespace matfac
