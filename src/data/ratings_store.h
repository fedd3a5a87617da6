#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace matfac {

/// Bytes outside of memory, such as a file, which hold ratings that are larger than it. What a store throws leaves the
/// function that needs it.
class RatingsStore {
 public:
  RatingsStore() = default;
  RatingsStore(const RatingsStore&) = delete;
  RatingsStore(RatingsStore&&) = delete;
  RatingsStore& operator=(const RatingsStore&) = delete;
  RatingsStore& operator=(RatingsStore&&) = delete;
  virtual ~RatingsStore() = default;

  /// Fills `into` with the bytes from `offset` on. Throws where some of them were never written.
  virtual void Read(std::int64_t offset, std::span<std::byte> into) = 0;
  /// Writes over what is there, or after its end.
  virtual void Write(std::int64_t offset, std::span<const std::byte> from) = 0;
};

/// The part of a store that a solver may write.
struct StoreScratch {
  RatingsStore& store;
  /// Its first byte.
  std::int64_t begin;
  /// Who wrote it last.
  const void* owner = nullptr;
};

}  // namespace matfac
