#include "ranking/metrics.h"

#include <cmath>
#include <stdexcept>

namespace matfac {

void AccuracyPass::Add(const Model& model, const Triplets& test) {
  CheckLengths(test);
  for (std::size_t i = 0; i < test.values.size(); ++i) {
    const double error = test.values[i] - model.Predict(test.users[i], test.items[i]);
    squares_ += error * error;
    absolutes_ += std::abs(error);
  }
  count_ += static_cast<Offset>(test.values.size());
}

Accuracy AccuracyPass::Result() const {
  const auto count = static_cast<double>(count_);
  return {.rmse = std::sqrt(squares_ / count), .mae = absolutes_ / count};
}

Accuracy Evaluate(const Model& model, const Triplets& test) {
  if (test.values.empty()) throw std::invalid_argument("test ratings must not be empty");
  AccuracyPass pass;
  pass.Add(model, test);
  return pass.Result();
}

}  // namespace matfac
