#pragma once

#include "data/ratings.h"
#include "model/model.h"
#include "model/user_times.h"

namespace matfac {

/// Root mean squared error and mean absolute error, in the unit of the ratings.
struct Accuracy {
  double rmse = 0.0;
  double mae = 0.0;
};

/// Sums the errors of clipped predictions over test ratings, which may be added in parts.
class AccuracyPass {
 public:
  /// Users and items may be kUnknown. Throws std::invalid_argument for any other index outside the model, after which
  /// the pass must not be used, and for columns that differ in length. Ratings that have a time are predicted at it,
  /// by the times of the model.
  void Add(const Model& model, const Triplets& test, const UserTimes& times);
  /// NaN before the first rating.
  Accuracy Result() const;

 private:
  double squares_ = 0.0;
  double absolutes_ = 0.0;
  Offset count_ = 0;
};

/// The accuracy of clipped predictions, in one call. Throws std::invalid_argument as AccuracyPass::Add, and when `test`
/// is empty.
Accuracy Evaluate(const Model& model, const Triplets& test, const UserTimes& times);
Accuracy Evaluate(const Model& model, const Triplets& test);

}  // namespace matfac
