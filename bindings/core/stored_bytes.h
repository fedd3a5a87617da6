#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "data/ratings_store.h"

namespace matfac {

/// A CoreStore of JavaScript. What it throws goes through the core to whoever called that, as it is.
class StoredBytes final : public RatingsStore {
 public:
  explicit StoredBytes(emscripten::val store) : store_(std::move(store)) {}

  void Read(std::int64_t offset, std::span<std::byte> into) override { Call("read", offset, into); }
  void Write(std::int64_t offset, std::span<const std::byte> from) override { Call("write", offset, from); }

 private:
  void Call(const char* name, std::int64_t offset, std::span<const std::byte> bytes) {
    const emscripten::memory_view<unsigned char> view(bytes.size(),
                                                      reinterpret_cast<const unsigned char*>(bytes.data()));
    store_.call<void>(name, static_cast<double>(offset), emscripten::val(view));
  }

  emscripten::val store_;
};

}  // namespace matfac
