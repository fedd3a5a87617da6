#pragma once

#include <emscripten/val.h>

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "data/features.h"
#include "data/ratings.h"
#include "fold_in/fold_in.h"
#include "model/model.h"
#include "model/options.h"
#include "ranking/recommend.h"
#include "shared/recommend_task.h"
#include "training/trainer.h"
#include "training/warm_start.h"

/// JavaScript values in, copies out, exceptions as {code, message}. bindings/js/core/core.ts gives the types.
namespace matfac::marshal {

using emscripten::val;

/// A copy of a typed array or array of numbers.
template <typename T>
std::vector<T> ToVector(const val& array) {
  return emscripten::convertJSArrayToNumberVector<T>(array);
}

/// A typed array of JavaScript's own: a view of the heap would go stale when the heap grows.
template <typename T>
val ToArray(std::span<const T> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).template call<val>("slice");
}
template <typename T>
val ToArray(const std::vector<T>& values) {
  return ToArray(std::span(values));
}

/// Throws the exception that is being handled as a CoreFailure.
[[noreturn]] void ThrowFailure();

/// Calls `body`; what it throws becomes a CoreFailure.
template <typename Body>
auto Guard(Body&& body) -> std::invoke_result_t<Body> {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    ThrowFailure();
  }
}

/// Options as in CoreOptions, over the defaults of their solver. Throws std::invalid_argument.
Options ToOptions(const val& given);
val FromOptions(const Options& options);

val FromReport(const EpochReport& report);
val FromRanking(const Ranking& ranking);
val FromRankings(const JoinedRankings& rankings);

/// Makes a model from CoreTensors, tensor by tensor, so that a page can handle input in between. Throws
/// std::invalid_argument for lengths that do not fit or numbers that are not finite.
class ModelMaker {
 public:
  ModelMaker(const val& tensors, const Options& options);
  /// Takes over the next tensor; returns true once the model has all of them.
  bool Advance();
  Model& Made() { return model_; }

 private:
  val tensors_;
  Model model_;
  std::size_t next_ = 0;
};

/// The whole model at once.
Model ToModel(const val& tensors, const Options& options);
/// From CoreSideFeatures.
std::shared_ptr<const SideFeatures> ToSideFeatures(const val& features);
/// From CoreWarmStart or null.
std::optional<WarmStart> ToWarmStart(const val& start);
/// All of CoreTensors, and one of them by its name, or undefined.
val FromModel(const Model& model);
val TensorOf(const Model& model, const std::string& name);

}  // namespace matfac::marshal
