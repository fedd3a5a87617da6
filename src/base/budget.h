#pragma once

#include <chrono>
#include <cstdint>

namespace matfac {

/// A slice of time. Long work stops within an epoch or a pass when the slice is used up, and continues from there in
/// the next slice.
class Budget {
 public:
  explicit Budget(double seconds);

  /// Counts work done and returns true when the time is used up. Reads the clock once per kSpan multiply-adds.
  bool Spend(std::int64_t multiply_adds);
  /// Reads the clock; negative once the slice has ended.
  double SecondsLeft() const;

 private:
  static constexpr std::int64_t kSpan = 1 << 20;
  std::chrono::steady_clock::time_point end_;
  std::int64_t since_clock_ = 0;
  bool used_up_ = false;
};

}  // namespace matfac
