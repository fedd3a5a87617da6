#include "rows/ridge_preconditioners.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/kernels.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

/// Rows of the other side that tell the covariance well enough for a preconditioner; of more, every second, third, … is
/// taken.
constexpr Index kMostRows = 16'384;

/// ⌊log₄ count⌋
std::size_t PowerOf(Offset count) { return (std::bit_width(static_cast<std::uint64_t>(count)) - 1) / 2; }

}  // namespace

RidgePreconditioners::RidgePreconditioners(const RatingsSide& side, int stride)
    : side_(side), stride_(stride), covariance_(stride) {}

void RidgePreconditioners::Prepare() {
  for (Index row = 0; row < side_.RowCount(); ++row) {
    if (side_.Count(row) == 0) continue;
    const std::size_t power = PowerOf(side_.Count(row));
    if (power >= powers_.size()) powers_.resize(power + 1);
    if (powers_[power] == nullptr) powers_[power] = std::make_unique<Preconditioner>(stride_);
  }
}

bool RidgePreconditioners::Work(const FactorMatrix& others, const RatingsSide& other_side, const Model& model,
                                Workers& workers, Budget& budget) {
  if (powers_.empty()) Prepare();
  if (!summed_) {
    if (centred_.size() == 0) Centre(others, other_side, model.options.biases);
    if (!covariance_.Work(centred_, workers, budget)) return false;
    summed_ = true;
  }
  for (; next_power_ < powers_.size(); ++next_power_) {
    if (powers_[next_power_] == nullptr) continue;
    const Offset typical = Offset{2} << (2 * next_power_);
    const float lambda = StrengthOf(model, typical).factors / static_cast<float>(typical);
    if (!powers_[next_power_]->Work(covariance_.Data(), lambda, workers, budget)) return false;
  }
  summed_ = false;
  next_power_ = 0;
  centred_.resize(0, 0);
  return true;
}

void RidgePreconditioners::Centre(const FactorMatrix& others, const RatingsSide& other_side, bool biases) {
  const Index step = (other_side.RowCount() + kMostRows - 1) / kMostRows;
  double ratings = 0.0;
  for (Index row = 0; row < other_side.RowCount(); row += step) ratings += static_cast<double>(other_side.Count(row));
  if (ratings == 0.0) ratings = 1.0;
  const auto share = [&](Index row) {
    return static_cast<float>(static_cast<double>(other_side.Count(row)) / ratings);
  };
  std::vector<float> mean(stride_);
  for (Index row = 0; biases && row < other_side.RowCount(); row += step) {
    kernels::Axpy(share(row), RowOf(others, row), mean.data(), stride_);
  }
  centred_.resize((other_side.RowCount() + step - 1) / step, stride_);
  for (Index row = 0; row < other_side.RowCount(); row += step) {
    float* centred = RowOf(centred_, row / step);
    std::copy_n(RowOf(others, row), stride_, centred);
    kernels::Axpy(-1.0F, mean.data(), centred, stride_);
    kernels::Scale(std::sqrt(share(row)), centred, stride_);
  }
}

const float* RidgePreconditioners::For(Offset count) const { return powers_[PowerOf(count)]->Data(); }

}  // namespace matfac
