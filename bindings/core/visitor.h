#pragma once

#include <emscripten/val.h>

#include <vector>

#include "core/marshal.h"
#include "data/features.h"

namespace matfac::marshal {

/// What is known of a visitor, with the arrays that the spans refer to.
struct Visitor {
  std::vector<Index> items;
  std::vector<float> values;
  std::vector<Index> columns;
  std::vector<float> numbers;
  FeaturesRow features;

  Visitor(const emscripten::val& rated, const emscripten::val& ratings, const emscripten::val& feature_columns,
          const emscripten::val& feature_values)
      : items(ToVector<Index>(rated)),
        values(ToVector<float>(ratings)),
        columns(ToVector<Index>(feature_columns)),
        numbers(ToVector<float>(feature_values)),
        features{.columns = columns, .values = numbers} {}
  Visitor(const Visitor&) = delete;
  Visitor(Visitor&&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  Visitor& operator=(Visitor&&) = delete;
  ~Visitor() = default;
};

}  // namespace matfac::marshal
