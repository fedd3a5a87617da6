#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "fold_in/fold_in.h"
#include "model/model.h"
#include "ranking/quantized_items.h"

namespace matfac {

/// The tensors of a model as JavaScript has them (CoreTensors): rows of `factors` numbers for each sample, without
/// padding.
struct ModelParts {
  struct PosteriorParts {
    std::vector<float> priors;
    std::vector<float> user_bias;
    std::vector<float> item_bias;
    std::vector<float> item_implicit_bias;
    std::vector<float> user_noise;
  };

  std::vector<float> user_factors;
  std::vector<float> item_factors;
  std::vector<float> item_implicit;
  std::vector<float> user_bias;
  std::vector<float> item_bias;
  double mean = 0.0;
  double minimum = 0.0;
  double maximum = 0.0;
  std::optional<PosteriorParts> posterior;
};

/// Throws std::invalid_argument for lengths that do not fit or numbers that are not finite.
Model ModelFrom(const ModelOptions& options, const ModelParts& parts);

/// Rows with the padding put in and left out. `name` is what an error calls them.
FactorMatrix PaddedRows(const char* name, const std::vector<float>& packed, const ModelOptions& options);
std::vector<float> PackedRows(const FactorMatrix& matrix, const ModelOptions& options);

/// Numbers of one sample in PosteriorParts::priors: level, noise precision, user bias precision, and by factor the
/// users' means, the users' precisions and the items' means.
inline int PriorLength(int factors) { return 3 + 3 * factors; }

/// What JavaScript holds: a model that no longer changes, and what folds visitors into it and what ranks approximately,
/// each made at first need.
class HeldModel : public Model {
 public:
  explicit HeldModel(Model model) : Model(std::move(model)) {}
  HeldModel(const HeldModel&) = delete;
  HeldModel(HeldModel&&) = delete;
  HeldModel& operator=(const HeldModel&) = delete;
  HeldModel& operator=(HeldModel&&) = delete;
  ~HeldModel() = default;

  const Visitors& ToVisitors() {
    if (!visitors_) visitors_ = std::make_unique<Visitors>(*this);
    return *visitors_;
  }

  const QuantizedItems& Quantized() {
    if (!quantized_) quantized_ = std::make_unique<QuantizedItems>(item_factors);
    return *quantized_;
  }

 private:
  std::unique_ptr<QuantizedItems> quantized_;
  std::unique_ptr<Visitors> visitors_;
};

/// A row for each user: those from offsets[u] to offsets[u + 1], or all of them where there are no offsets. Throws
/// std::invalid_argument for offsets that are not in order.
std::vector<std::span<const Index>> RowsOf(std::span<const Index> items, std::span<const Index> offsets,
                                           std::size_t users);

}  // namespace matfac
