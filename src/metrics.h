#pragma once

#include "model.h"
#include "ratings.h"

namespace matfac {

struct Accuracy {
  double rmse = 0.0;
  double mae = 0.0;
};

/// Sums the errors of clipped predictions over test ratings, which may be fed in parts.
class AccuracyPass {
 public:
  /// Users and items may be kUnknown. Throws std::invalid_argument as Model::Predict does, and for columns that differ
  /// in length.
  void Add(const Model& model, const Triplets& test);
  /// NaN before the first rating.
  Accuracy Result() const;

 private:
  double squares_ = 0.0;
  double absolutes_ = 0.0;
  Offset count_ = 0;
};

/// Throws std::invalid_argument when `test` is empty.
Accuracy Evaluate(const Model& model, const Triplets& test);

}  // namespace matfac
