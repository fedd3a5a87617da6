#pragma once

#include <memory>

#include "base/function_ref.h"
#include "base/index.h"

namespace matfac {

/// Threads that wait for work. In a WebAssembly build without threads there is only the caller's.
class Workers {
 public:
  /// `threads` ≥ 1 includes the caller's. Throws std::invalid_argument for more than one in a build without threads.
  explicit Workers(int threads);
  Workers(const Workers&) = delete;
  Workers(Workers&&) = delete;
  Workers& operator=(const Workers&) = delete;
  Workers& operator=(Workers&&) = delete;
  ~Workers();

  /// The number of threads, the caller's included.
  int Count() const;

  /// Calls body(block, worker) once for each block 0 … blocks − 1, with worker < Count() for scratch space. Any worker
  /// may get any block, so the result of a block must not depend on the worker: then it does not depend on the number
  /// of threads. Returns when all blocks are done; rethrows the exception of the lowest block that failed. Must not be
  /// called from within a body, or from two threads at a time.
  void ForEachBlock(Index blocks, FunctionRef<void(Index block, int worker)> body);

  /// The same in an order: a block starts when the first after(block) ≤ block blocks are done. Fewer threads are idle
  /// than between two calls, where all wait for the last block of the first.
  void ForEachBlockInOrder(Index blocks, FunctionRef<Index(Index block)> after,
                           FunctionRef<void(Index block, int worker)> body);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace matfac
