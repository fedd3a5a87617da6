#include "model/score_bound.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/kernels.h"
#include "model/preference_terms.h"
#include "model/tensors.h"

namespace matfac {
namespace {

constexpr double kLargestScore = 1e37;
/// From here on a squared norm in float32 may have overflowed. Below it, underflow is too small to matter.
constexpr float kLargeSquare = 1e30F;

bool AreFinite(std::span<const float> numbers) {
  using namespace kernels;
  const std::size_t whole = numbers.size() / kWidth * kWidth;
  Float4 differences{};  // 0 or NaN
  for (std::size_t i = 0; i < whole; i += kWidth) differences += Load(&numbers[i]) - Load(&numbers[i]);
  float sum = Sum(differences);
  for (const float number : numbers.subspan(whole)) sum += number - number;
  return sum == 0.0F;
}

double SquaredNorm(const float* row, int stride) {
  const float squares = kernels::Dot(row, row, stride);
  if (squares < kLargeSquare) return squares;
  double sum = 0.0;
  for (int f = 0; f < stride; ++f) sum += static_cast<double>(row[f]) * row[f];
  return sum;
}

}  // namespace

double LargestNorm(const StoredRows& rows) {
  double largest = 0.0;
  std::vector<float> room;
  for (Index row = 0; row < rows.Count(); ++row) {
    const double squares = SquaredNorm(rows.Row(row, room), rows.Stride());
    if (std::isnan(squares)) return squares;
    largest = std::max(largest, squares);
  }
  return std::sqrt(largest);
}

double LargestSize(std::span<const float> numbers) {
  double largest = 0.0;
  for (const float number : numbers) {
    if (std::isnan(number)) return number;
    largest = std::max(largest, static_cast<double>(std::abs(number)));
  }
  return largest;
}

SideBound RowBound(std::span<const float> factors, float bias, std::span<const float> liked) {
  const auto norm = [](std::span<const float> row) {
    return std::sqrt(SquaredNorm(row.data(), static_cast<int>(row.size())));
  };
  return {.factors = norm(factors), .bias = std::abs(bias), .liked = norm(liked)};
}

SideBound UserBound(const Model& model) {
  return {.factors = LargestNorm(model.user_factors),
          .bias = LargestSize(model.user_bias),
          .liked = LargestNorm(model.liked_users)};
}

SideBound ItemBound(const Model& model) {
  return {.factors = LargestNorm(model.ItemFactors()),
          .bias = LargestSize(model.item_bias),
          .liked = LargestNorm(model.LikedItems())};
}

double ScoreBound(const Model& model, const SideBound& user, const SideBound& item) {
  const double deviation = user.bias + item.bias + user.factors * item.factors;
  const double rating = std::abs(model.mean) + deviation + user.factors + item.factors;
  if (!model.HasPreference()) return rating;
  const double weight = PreferenceTerms::Of(model).RatingWeight();
  return rating + weight * (deviation + item.factors) + user.liked * item.liked + user.liked + item.liked;
}

double ScoreBound(const Model& model) {
  return ScoreBound(model, UserBound(model), ItemBound(model)) + LargestNorm(model.TakenItems());
}

bool FitsScores(double bound) { return bound <= kLargestScore; }

bool FitsFloat(const Model& model) {
  return FitsScores(ScoreBound(model)) && std::ranges::all_of(Tensors(), [&](const TensorRule& tensor) {
           // ScoreBound saw the factors; what is left is as long as the solver made it.
           if (tensor.presence == TensorPresence::kAlways || tensor.columns == TensorColumns::kPrior) return true;
           if (!tensor.IsMatrix()) return AreFinite(NumbersOf(model, tensor));
           const FactorMatrix& matrix = MatrixOf(model, tensor);
           return AreFinite({matrix.data(), static_cast<std::size_t>(matrix.size())});
         });
}

void RequireScores(std::string_view what, double bound) {
  if (FitsScores(bound)) return;
  ThrowInvalid("{} must keep every score within {}; their sizes allow {}", {what, kLargestScore, bound});
}

void RequireScores(const Model& model) { RequireScores("factors and biases", ScoreBound(model)); }

}  // namespace matfac
