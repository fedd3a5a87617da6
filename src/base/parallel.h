#pragma once

#include <functional>
#include <memory>

#include "base/index.h"

namespace matfac {

/// Threads that wait for work. Without thread support (a WebAssembly build without it) there is only the caller's.
class Workers {
 public:
  /// threads ≥ 1, the caller's included. Throws std::invalid_argument when more than one is asked for and the build has
  /// no threads.
  explicit Workers(int threads);
  Workers(const Workers&) = delete;
  Workers(Workers&&) = delete;
  Workers& operator=(const Workers&) = delete;
  Workers& operator=(Workers&&) = delete;
  ~Workers();

  /// How many threads there are, the caller's included.
  int Count() const;

  /// Calls body(block, worker) once for each block 0 … blocks − 1, with worker < Count() for scratch space. Which
  /// worker gets a block is left to chance, so a block's result must not depend on it: then it does not depend on the
  /// number of threads. Returns when all are done; rethrows what the lowest block that failed threw. Not to be called
  /// from within a body, nor from two threads at a time.
  void ForEachBlock(Index blocks, const std::function<void(Index block, int worker)>& body);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace matfac
