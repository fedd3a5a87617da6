#pragma once

#include <memory>
#include <span>
#include <vector>

#include "fold_in/fold_in.h"
#include "model/model.h"
#include "model/tensors.h"
#include "ranking/quantized_items.h"

namespace matfac {

/// What a model has besides its options and tensors.
struct ModelNumbers {
  double mean = 0.0;
  double scale = 1.0;
  double minimum = 0.0;
  double maximum = 0.0;
};

/// A model of these options and numbers that waits for its tensors: Unpack takes them in the order of Tensors(). Throws
/// std::invalid_argument for numbers that cannot stand there.
Model EmptyModel(const ModelOptions& options, const ModelNumbers& numbers);

/// The model that JavaScript holds, which no longer changes. Its Visitors and QuantizedItems are made when they are
/// first needed.
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

/// One row per user: the items from offsets[u] to offsets[u + 1], or all items if there are no offsets. Throws
/// std::invalid_argument for offsets that are not in order.
std::vector<std::span<const Index>> RowsOf(std::span<const Index> items, std::span<const Index> offsets,
                                           std::size_t users);

}  // namespace matfac
