#pragma once

namespace matfac {

/// Natural logarithm of a positive finite x, to within 2 units in the last place.
/// Uses only +, −, × and ÷: the same bits on every machine, which std::log does not promise.
double Log(double x);

/// eˣ to within 2 units in the last place for |x| ≤ 700, with the same bits on every machine; clamped beyond.
double Exp(double x);

/// eˣ to float32 precision for |x| ≤ 700, with the same bits on every machine; clamped beyond. Much faster than Exp.
double ExpForFloat(double x);

/// The sum of the logarithms of positive numbers that float32 holds, with one logarithm for many.
class LogSum {
 public:
  void Add(double x);
  double Result() const;

 private:
  double product_ = 1.0;
  double sum_ = 0.0;
};

}  // namespace matfac
