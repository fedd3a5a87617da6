#include "training/kept_rows.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "model/preference_terms.h"
#include "model/tensors.h"
#include "model/user_times.h"

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

/// Of a Bayesian model: `count` samples, in turn from those drawn, or the last of them.
void Resample(int count, Model& model) {
  const auto drawn = static_cast<int>(model.posterior.samples.size());
  if (drawn == count) return;
  const auto source = [&](int sample) { return drawn < count ? sample % drawn : sample + drawn - count; };
  for (const TensorRule& tensor : Tensors()) {
    const bool sampled = tensor.columns == TensorColumns::kFactors || tensor.columns == TensorColumns::kSamples;
    if (!sampled || MatrixOf(model, tensor).rows() == 0) continue;
    FactorMatrix& matrix = MatrixOf(model, tensor);
    const int width = tensor.columns == TensorColumns::kFactors ? StrideOf(model.options.factors) : 1;
    // The items' factors are divided by the number of samples.
    const float scale = &matrix == &model.item_factors ? static_cast<float>(drawn) / static_cast<float>(count) : 1.0F;
    for (Index row = 0; row < matrix.rows(); ++row) {
      float* const x = RowOf(matrix, row);
      for (int j = 0; j < count * width; ++j) x[j] = x[source(j / width) * width + j % width];
      std::fill(x + count * width, x + matrix.cols(), 0.0F);
      for (int j = 0; j < count * width; ++j) x[j] *= scale;
    }
  }
  for (std::vector<PosteriorSample>* const samples : {&model.posterior.samples, &model.posterior.turned_samples}) {
    if (samples->empty()) continue;
    const std::vector<PosteriorSample> before = *samples;
    samples->resize(count);
    for (int sample = 0; sample < count; ++sample) (*samples)[sample] = before[source(sample)];
  }
  model.mean = 0.0;
  for (const PosteriorSample& sample : model.posterior.samples) model.mean += static_cast<double>(sample.level) / count;
  if (!model.options.biases) return;
  const auto to_means = [&](const FactorMatrix& biases, std::vector<float>& means) {
    for (std::size_t row = 0; row < means.size(); ++row) {
      const float* const x = RowOf(biases, static_cast<Index>(row));
      means[row] = std::accumulate(x, x + count, 0.0F) / static_cast<float>(count);
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
  model.scale = start.scale;
  if (start.HasPreference() && model.HasPreference()) {
    for (const std::size_t term : {PreferenceTerms::kMean, PreferenceTerms::kDeviation}) {
      model.preference_terms[term] = start.preference_terms[term];
    }
  }
  if (!model.options.biases || IsImplicit(model.options.solver)) return;
  for (float& bias : model.item_bias) bias += shift;
  for (std::size_t sample = 0; sample < model.posterior.samples.size(); ++sample) {
    float& level = model.posterior.samples[sample].level;
    const float before = start.posterior.samples[sample].level;
    for (Index item = 0; item < model.ItemCount(); ++item) {
      model.posterior.item_bias(item, static_cast<Index>(sample)) += level - before;
    }
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

/// Rows of numbers, end to end.
template <typename Number>
struct Rows {
  Number* numbers;
  std::ptrdiff_t columns;

  Number* operator[](std::size_t row) const { return numbers + static_cast<std::ptrdiff_t>(row) * columns; }
};

void Mix(const Rows<const float>& from, const Side& side, const Rows<float>& to) {
  for (std::size_t row = 0; row < side.rows.size(); ++row) {
    const float share = side.Share(row);
    if (share == 0.0F) continue;
    const float* const before = from[side.rows[row]];
    float* const x = to[row];
    for (std::ptrdiff_t j = 0; j < to.columns; ++j) x[j] = (1.0F - share) * x[j] + share * before[j];
  }
}

void CopyOthers(const Rows<const float>& from, const Side& side, const Rows<float>& to) {
  for (std::size_t j = 0; j < side.others.size(); ++j) {
    std::copy_n(from[side.others[j]], to.columns, to[side.rows.size() + j]);
  }
}

/// Adds rows of zeros.
void Grow(std::size_t rows, FactorMatrix& matrix) {
  FactorMatrix grown = FactorMatrix::Zero(static_cast<Index>(rows), matrix.cols());
  std::copy_n(matrix.data(), matrix.size(), grown.data());
  matrix.swap(grown);
}

void Merge(const FactorMatrix& from, const Side& side, bool mixes, FactorMatrix& to) {
  if (to.rows() == 0) return;
  Grow(side.rows.size() + side.others.size(), to);
  if (from.rows() == 0 || from.cols() != to.cols()) return;
  if (mixes) Mix({from.data(), from.cols()}, side, {to.data(), to.cols()});
  CopyOthers({from.data(), from.cols()}, side, {to.data(), to.cols()});
}

void Merge(const std::vector<float>& from, const Side& side, bool mixes, std::vector<float>& to) {
  if (to.empty()) return;
  to.resize(side.rows.size() + side.others.size());
  if (from.empty()) return;
  if (mixes) Mix({from.data(), 1}, side, {to.data(), 1});
  CopyOthers({from.data(), 1}, side, {to.data(), 1});
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
    if (!IsOfRows(tensor)) continue;
    const Side& side = tensor.rows == TensorRows::kUsers ? users : items;
    if (tensor.IsMatrix()) {
      Merge(MatrixOf(from, tensor), side, !counts, MatrixOf(model, tensor));
    } else {
      Merge(NumbersOf(from, tensor), side, !counts, NumbersOf(model, tensor));
    }
  }
  model.user_times = UserTimes(trained).With(UserTimes(from), users.others);
  return model;
}

}  // namespace matfac
