#include "base/budget.h"

#include <algorithm>

namespace matfac {
namespace {

using Clock = std::chrono::steady_clock;

/// Longer than any training; keeps the end of an endless budget within the clock's range.
constexpr double kLongest = 1e9;

}  // namespace

Budget::Budget(double seconds)
    : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                              std::chrono::duration<double>(seconds < kLongest ? std::max(seconds, 0.0) : kLongest))) {}

bool Budget::Spend(std::int64_t multiply_adds) {
  since_clock_ += multiply_adds;
  if (since_clock_ >= kSpan) {
    since_clock_ = 0;
    used_up_ = used_up_ || Clock::now() >= end_;
  }
  return used_up_;
}

double Budget::SecondsLeft() const { return std::chrono::duration<double>(end_ - Clock::now()).count(); }

}  // namespace matfac
