#pragma once

#include <emscripten/val.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "data/ratings.h"

namespace matfac {

/// A typed array of JavaScript, of which one block at a time is copied.
template <typename T>
class ColumnBlocks {
 public:
  explicit ColumnBlocks(emscripten::val array) : array_(std::move(array)) {}

  std::size_t Size() const { return array_["length"].as<std::size_t>(); }
  /// Up to `count` numbers from `begin` on; valid until the next call.
  std::span<const T> Read(std::size_t begin, std::size_t count) {
    const auto part = array_.call<emscripten::val>("subarray", begin, begin + count);
    block_.resize(part["length"].as<std::size_t>());
    emscripten::val(emscripten::typed_memory_view(block_.size(), block_.data())).call<void>("set", part);
    return block_;
  }

 private:
  emscripten::val array_;
  std::vector<T> block_;
};

/// Ratings whose columns are in JavaScript.
class RatingBlocks final : public TripletBlocks {
 public:
  /// `times` may be empty. Throws std::invalid_argument when the columns differ in length.
  RatingBlocks(const emscripten::val& users, const emscripten::val& items, const emscripten::val& values,
               const emscripten::val& times)
      : users_(users), items_(items), values_(values), times_(times), size_(values_.Size()) {
    CheckLengths(users_.Size(), items_.Size(), size_, times_.Size());
  }

  std::size_t Size() const override { return size_; }
  Triplets Read(std::size_t begin) override {
    return {.users = users_.Read(begin, kBlock),
            .items = items_.Read(begin, kBlock),
            .values = values_.Read(begin, kBlock),
            .times = times_.Read(begin, kBlock)};
  }

 private:
  static constexpr std::size_t kBlock = 1 << 16;

  ColumnBlocks<Index> users_;
  ColumnBlocks<Index> items_;
  ColumnBlocks<float> values_;
  ColumnBlocks<double> times_;
  std::size_t size_;
};

}  // namespace matfac
