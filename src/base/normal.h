#pragma once

#include "base/random.h"

namespace matfac {

/// The standard normal distribution at one point, to float32 precision, with the same bits on every machine.
struct NormalPoint {
  double density;
  /// Φ(x) and 1 − Φ(x); the smaller one has the relative precision of float32.
  double below;
  double above;
};

/// Takes infinities too.
NormalPoint NormalAt(double x);

/// Φ(b) − Φ(a) without cancellation in the tails. Needs a ≤ b.
inline double Between(const NormalPoint& a, const NormalPoint& b) {
  return a.above < a.below ? a.above - b.above : b.below - a.below;
}

/// A stretch of the standard normal distribution. Needs from < to; either may be infinite.
struct NormalStretch {
  double from;
  double to;
  NormalPoint at_from;
  NormalPoint at_to;

  NormalStretch(double from_point, double to_point)
      : from(from_point), to(to_point), at_from(NormalAt(from)), at_to(NormalAt(to)) {}
  double Probability() const { return Between(at_from, at_to); }
  /// A number from it: by inversion, and beyond five standard deviations by the rejection of Marsaglia 1964.
  double Draw(Random& random) const;
};

}  // namespace matfac
