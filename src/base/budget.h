#pragma once

#include <chrono>
#include <cstdint>

namespace matfac {

/// A time slice: long work stops within an epoch or a pass when it is used up, and continues from there with the next.
class Budget {
 public:
  explicit Budget(double seconds);

  /// Counts work done; true when the time is used up. The clock is read once in kSpan multiply-adds.
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
