#pragma once

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "data/ratings.h"
#include "data/ratings_store.h"
#include "data/split.h"
#include "support.h"

/// Shared by the tests of ratings in a store: stores of two kinds, one that fails, and ratings written to them.
namespace matfac::test {

/// Throws where it is asked for bytes that were never written.
class ByteStore final : public RatingsStore {
 public:
  void Read(std::int64_t offset, std::span<std::byte> into) override {
    ++calls;
    if (offset + std::ssize(into) > std::ssize(bytes)) throw std::runtime_error("the store ends before");
    std::copy_n(bytes.begin() + offset, into.size(), into.begin());
  }
  void Write(std::int64_t offset, std::span<const std::byte> from) override {
    ++calls;
    bytes.resize(std::max<std::size_t>(bytes.size(), offset + from.size()));
    std::ranges::copy(from, bytes.begin() + offset);
  }

  template <typename T>
  void Put(std::int64_t offset, T value) {
    std::memcpy(bytes.data() + offset, &value, sizeof(T));
  }

  std::vector<std::byte> bytes;
  int calls = 0;
};

/// A temporary file.
class FileStore final : public RatingsStore {
 public:
  void Read(std::int64_t offset, std::span<std::byte> into) override {
    std::fseek(file_.get(), static_cast<long>(offset), SEEK_SET);
    if (std::fread(into.data(), 1, into.size(), file_.get()) != into.size()) {
      throw std::runtime_error("the file ends before");
    }
  }
  void Write(std::int64_t offset, std::span<const std::byte> from) override {
    std::fseek(file_.get(), static_cast<long>(offset), SEEK_SET);
    if (std::fwrite(from.data(), 1, from.size(), file_.get()) != from.size()) throw std::runtime_error("disk full");
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_{std::tmpfile()};
};

/// Fails at one call of another store's functions: the `fails_at`-th from 0 on.
class FailingStore final : public RatingsStore {
 public:
  explicit FailingStore(std::shared_ptr<RatingsStore> inner) : inner_(std::move(inner)) {}

  void Read(std::int64_t offset, std::span<std::byte> into) override {
    Count();
    inner_->Read(offset, into);
  }
  void Write(std::int64_t offset, std::span<const std::byte> from) override {
    Count();
    inner_->Write(offset, from);
  }

  int calls = 0;
  int fails_at = -1;

 private:
  void Count() {
    if (calls++ == fails_at) throw std::runtime_error("the disk is full");
  }

  std::shared_ptr<RatingsStore> inner_;
};

/// Where the ratings of each user begin, and the end of all.
inline std::vector<Offset> OffsetsOf(const RatingColumns& columns, Index users) {
  std::vector<Offset> offsets(users + 1);
  for (const Index user : columns.users) ++offsets[user + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return offsets;
}

/// Items and values by user, as a store has them.
inline void WriteByUser(const RatingColumns& columns, RatingsStore& store) {
  std::vector<std::size_t> order(columns.values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(columns.users[i], columns.items[i]); });
  std::vector<Index> items;
  std::vector<float> values;
  for (const std::size_t i : order) {
    items.push_back(columns.items[i]);
    values.push_back(columns.values[i]);
  }
  store.Write(0, std::as_bytes(std::span(items)));
  store.Write(std::int64_t{4} * std::ssize(items), std::as_bytes(std::span(values)));
}

inline SharedRatings FromStore(std::shared_ptr<RatingsStore> store, const RatingColumns& columns, Index users,
                               Index items, Offset window) {
  // As with a column of times behind the others.
  const std::int64_t scratch = std::int64_t{12} * std::ssize(columns.values);
  return std::make_shared<const Ratings>(
      Ratings::FromStore(std::move(store), OffsetsOf(columns, users), items, scratch, window));
}

inline SharedRatings Store(const std::shared_ptr<RatingsStore>& store, const RatingColumns& columns, Index users,
                           Index items, Offset window) {
  WriteByUser(columns, *store);
  return FromStore(store, columns, users, items, window);
}

}  // namespace matfac::test
