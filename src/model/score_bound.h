#pragma once

#include <span>
#include <string_view>

#include "base/stored_rows.h"
#include "model/model.h"

namespace matfac {

/// The largest sizes on one side of a model: Euclidean norms of rows, and biases. NaN where a number is.
struct SideBound {
  double factors = 0.0;
  double bias = 0.0;
  /// Of the preference layer.
  double liked = 0.0;
};

/// The largest Euclidean norm of a row, which float32 may not hold; 0 without rows.
double LargestNorm(const StoredRows& rows);
double LargestSize(std::span<const float> numbers);

/// Of one row; `liked` is empty without a preference layer.
SideBound RowBound(std::span<const float> factors, float bias, std::span<const float> liked);

SideBound UserBound(const Model& model);
SideBound ItemBound(const Model& model);

/// No norm, no predicted rating, no preference, and no partial sum of one exceeds this in size, by
/// |u·v| ≤ ‖u‖ ‖v‖. NaN where a number is not finite.
double ScoreBound(const Model& model, const SideBound& user, const SideBound& item);
/// Of a model by itself.
double ScoreBound(const Model& model);

/// False for NaN too. Far enough below the largest float32 for a sum in any order, and for products of rounded rows.
bool FitsScores(double bound);

/// True when the scores of a model fit, and all its other numbers are finite.
bool FitsFloat(const Model& model);

/// Throws std::invalid_argument that names `what` unless the scores fit.
void RequireScores(std::string_view what, double bound);
void RequireScores(const Model& model);

}  // namespace matfac
