#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "base/quantized_rows.h"
#include "fold_in/fold_in.h"
#include "model/model.h"
#include "model/score_bound.h"
#include "model/tensors.h"
#include "model/user_times.h"
#include "ranking/item_order.h"
#include "ranking/ranked_model.h"

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

/// The model that JavaScript holds, which no longer changes. Its Visitors, its model of preference, its
/// QuantizedRows, its ItemOrder and its UserTimes are made when they are first needed.
class HeldModel : public Model {
 public:
  /// Throws std::invalid_argument for a model whose scores might overflow.
  explicit HeldModel(Model model) : Model(std::move(model)) { RequireScores(*this); }
  HeldModel(const HeldModel&) = delete;
  HeldModel(HeldModel&&) = delete;
  HeldModel& operator=(const HeldModel&) = delete;
  HeldModel& operator=(HeldModel&&) = delete;
  ~HeldModel() = default;

  const Visitors& ToVisitors() {
    if (!visitors_) visitors_ = std::make_unique<Visitors>(*this);
    return *visitors_;
  }

  const UserTimes& Times() {
    if (!times_) times_ = std::make_unique<UserTimes>(*this);
    return *times_;
  }

  /// The model by whose scores it recommends.
  const Model& RankedBy(RankBy by) {
    if (by == RankBy::kRating || !HasPreference()) return *this;
    if (!preferred_) preferred_ = std::make_unique<Model>(PreferenceModel(*this));
    return *preferred_;
  }

  const QuantizedRows& Quantized(RankBy by) {
    const Model& ranked = RankedBy(by);
    if (const QuantizedRows* const own = ranked.item_codes.Whole()) return *own;
    std::unique_ptr<QuantizedRows>& quantized = quantized_[HasPreference() ? static_cast<int>(by) : 0];
    if (!quantized) quantized = std::make_unique<QuantizedRows>(ranked.ItemFactors());
    return *quantized;
  }

  /// By reach, for many users.
  const ItemOrder& Order(RankBy by) {
    std::unique_ptr<ItemOrder>& order = orders_[HasPreference() ? static_cast<int>(by) : 0];
    if (!order) order = std::make_unique<ItemOrder>(RankedBy(by), true);
    return *order;
  }

 private:
  std::unique_ptr<Model> preferred_;
  std::array<std::unique_ptr<QuantizedRows>, 2> quantized_;
  std::array<std::unique_ptr<ItemOrder>, 2> orders_;
  std::unique_ptr<Visitors> visitors_;
  std::unique_ptr<UserTimes> times_;
};

/// A profile as JavaScript holds it: the factors and the liked vector without padding, then the bias.
std::vector<float> PackedProfile(const Model& model, const Profile& profile);
/// The reverse. Throws std::invalid_argument for a length or a number that does not fit.
Profile ProfileFrom(const Model& model, std::span<const float> packed);

/// One row per user: the items from offsets[u] to offsets[u + 1], or all items if there are no offsets. Throws
/// std::invalid_argument for offsets that are not in order.
std::vector<std::span<const Index>> RowsOf(std::span<const Index> items, std::span<const Index> offsets,
                                           std::size_t users);

}  // namespace matfac
