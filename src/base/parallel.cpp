#include "base/parallel.h"

#include <atomic>
#include <exception>
#include <limits>
#include <vector>

#include "base/errors.h"

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#define MATFAC_THREADS 1
#include <condition_variable>
#include <mutex>
#include <thread>
#endif

namespace matfac {
#ifdef MATFAC_THREADS

namespace {

/// How many blocks from the first on are done, for those that wait for them.
class Progress {
 public:
  explicit Progress(Index blocks) : done_(blocks) {}

  void WaitFor(Index count) {
    if (whole_.load(std::memory_order_acquire) >= count) return;
    std::unique_lock lock(mutex_);
    grown_.wait(lock, [&] { return whole_ >= count; });
  }

  void Finish(Index block) {
    const std::scoped_lock lock(mutex_);
    done_[block] = 1;
    const Index before = whole_;
    Index whole = before;
    while (whole < static_cast<Index>(done_.size()) && done_[whole] != 0) ++whole;
    if (whole == before) return;
    whole_.store(whole, std::memory_order_release);
    grown_.notify_all();
  }

 private:
  std::vector<std::uint8_t> done_;
  std::atomic<Index> whole_ = 0;
  std::mutex mutex_;
  std::condition_variable grown_;
};

/// One call of ForEachBlock: each free thread takes the next block.
class Job {
 public:
  Job(Index blocks, FunctionRef<void(Index, int)> body) : blocks_(blocks), body_(body) {}

  void Run(int worker) {
    for (Index block = next_++; block < blocks_; block = next_++) {
      try {
        body_(block, worker);
      } catch (...) {
        Fail(block);
      }
    }
  }

  void Rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void Fail(Index block) {
    const std::scoped_lock lock(mutex_);
    if (block >= failed_block_) return;
    failed_block_ = block;
    failure_ = std::current_exception();
  }

  Index blocks_;
  FunctionRef<void(Index, int)> body_;
  std::atomic<Index> next_ = 0;
  Index failed_block_ = std::numeric_limits<Index>::max();
  std::exception_ptr failure_;
  std::mutex mutex_;
};

}  // namespace

struct Workers::Pool {
  explicit Pool(int threads) {
    for (int worker = 1; worker < threads; ++worker) helpers.emplace_back([this, worker] { Wait(worker); });
  }

  void Wait(int worker) {
    std::uint64_t seen = 0;
    while (true) {
      Job* taken = nullptr;
      {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return ending || round != seen; });
        if (ending) return;
        seen = round;
        taken = job;
      }
      taken->Run(worker);
      const std::scoped_lock lock(mutex);
      if (--working == 0) done.notify_one();
    }
  }

  void Run(Job& work) {
    {
      const std::scoped_lock lock(mutex);
      job = &work;
      working = static_cast<int>(helpers.size());
      ++round;
    }
    wake.notify_all();
    work.Run(0);
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return working == 0; });
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable done;
  Job* job = nullptr;
  std::uint64_t round = 0;
  int working = 0;
  bool ending = false;
  std::vector<std::thread> helpers;
};

Workers::Workers(int threads) : pool_(std::make_unique<Pool>(threads)) {}

Workers::~Workers() {
  {
    const std::scoped_lock lock(pool_->mutex);
    pool_->ending = true;
  }
  pool_->wake.notify_all();
  for (std::thread& helper : pool_->helpers) helper.join();
}

int Workers::Count() const { return static_cast<int>(pool_->helpers.size()) + 1; }

void Workers::ForEachBlock(Index blocks, FunctionRef<void(Index, int)> body) {
  Job job(blocks, body);
  pool_->Run(job);
  job.Rethrow();
}

void Workers::ForEachBlockInOrder(Index blocks, FunctionRef<Index(Index)> after, FunctionRef<void(Index, int)> body) {
  Progress progress(blocks);
  // A block is taken after those that it waits for, which other threads have then under way.
  ForEachBlock(blocks, [&](Index block, int worker) {
    try {
      progress.WaitFor(after(block));
      body(block, worker);
    } catch (...) {
      progress.Finish(block);
      throw;
    }
    progress.Finish(block);
  });
}

#else

struct Workers::Pool {};

Workers::Workers(int threads) {
  if (threads > 1) {
    ThrowInvalid("threads must be 1 in a build without threads; it is {}", {threads});
  }
}

Workers::~Workers() = default;

int Workers::Count() const { return 1; }

void Workers::ForEachBlock(Index blocks, FunctionRef<void(Index, int)> body) {
  for (Index block = 0; block < blocks; ++block) body(block, 0);
}

void Workers::ForEachBlockInOrder(Index blocks, FunctionRef<Index(Index)> /*after*/,
                                  FunctionRef<void(Index, int)> body) {
  ForEachBlock(blocks, body);
}

#endif

}  // namespace matfac
