#include "ranking/metrics.h"

#include <cmath>
#include <limits>

#include "base/errors.h"

namespace matfac {

void AccuracyPass::Add(const Model& model, const Triplets& test, const UserTimes& times) {
  CheckLengths(test);
  for (std::size_t i = 0; i < test.values.size(); ++i) {
    const double time = test.times.empty() ? std::numeric_limits<double>::quiet_NaN() : test.times[i];
    const double predicted = PredictAt(model, times, test.users[i], test.items[i], time);
    const double error = test.values[i] - predicted;
    squares_ += error * error;
    absolutes_ += std::abs(error);
  }
  count_ += static_cast<Offset>(test.values.size());
}

Accuracy AccuracyPass::Result() const {
  const auto count = static_cast<double>(count_);
  return {.rmse = std::sqrt(squares_ / count), .mae = absolutes_ / count};
}

Accuracy Evaluate(const Model& model, const Triplets& test, const UserTimes& times) {
  if (test.values.empty()) ThrowInvalid("test ratings must not be empty");
  AccuracyPass pass;
  pass.Add(model, test, times);
  return pass.Result();
}

Accuracy Evaluate(const Model& model, const Triplets& test) { return Evaluate(model, test, UserTimes(model)); }

}  // namespace matfac
