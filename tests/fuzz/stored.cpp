#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "data/ratings_store.h"
#include "model/solver_traits.h"
#include "support.h"
#include "training/trainer.h"

// A training on ratings in a store that changes: refused, or a whole model of finite numbers or a listed error.

namespace {

using namespace matfac;

/// Some of its words change while it is read, and some reads fail.
class ChangingStore final : public RatingsStore {
 public:
  explicit ChangingStore(fuzz::Bytes& bytes) : bytes_(bytes) {}

  void Read(std::int64_t offset, std::span<std::byte> into) override {
    fuzz::Require(offset >= 0, "offsets are positions");
    if (offset + std::ssize(into) > std::ssize(held_)) throw std::invalid_argument("the store ends before");
    if (bytes_.Byte() > 192) Change(offset, into.size() / 4);
    std::copy_n(held_.begin() + offset, into.size(), into.begin());
  }

  void Write(std::int64_t offset, std::span<const std::byte> from) override {
    fuzz::Require(offset >= 0 && offset + std::ssize(from) < 100'000, "it writes where it may");
    held_.resize(std::max<std::size_t>(held_.size(), offset + from.size()));
    std::ranges::copy(from, held_.begin() + offset);
  }

 private:
  void Change(std::int64_t offset, std::size_t words) {
    if (words == 0) throw std::invalid_argument("the store fails");
    const std::size_t at = bytes_.Byte() % words;
    const auto word =
        bytes_.Flag() ? static_cast<std::uint32_t>(bytes_.Whole(-1, 8)) : std::bit_cast<std::uint32_t>(bytes_.Float());
    std::memcpy(held_.data() + offset + 4 * at, &word, sizeof(word));
  }

  fuzz::Bytes& bytes_;
  std::vector<std::byte> held_;
};

Options StreamingOptions(fuzz::Bytes& bytes) {
  Options options = fuzz::SmallOptions(bytes);
  if (TraitsOf(options.model.solver).reads_stored || bytes.Byte() > 250) return options;
  constexpr SolverKind kStreaming[] = {SolverKind::kSgd, SolverKind::kAls, SolverKind::kImplicitAls};
  options = DefaultOptions(kStreaming[bytes.Whole(0, 2)]);
  options.model.factors = bytes.Whole(1, 20);
  options.training.epochs = bytes.Whole(1, 3);
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  fuzz::Guarded([&] {
    const auto store = std::make_shared<ChangingStore>(bytes);
    const auto small = fuzz::SmallRatings();
    std::vector<Offset> offsets;
    for (Index user = 0; user <= small->UserCount(); ++user) offsets.push_back(small->ByUser().Begin(user));
    for (Index user = 0; user < small->UserCount(); ++user) {
      const RatingsRow row = small->ByUser().Row(user);
      store->Write(4 * offsets[user], std::as_bytes(row.others));
      store->Write(4 * (offsets[user] + small->Size()), std::as_bytes(row.values));
    }
    if (bytes.Byte() > 224) offsets[bytes.Byte() % offsets.size()] = static_cast<std::int32_t>(bytes.Bits(4));
    const Index items = bytes.Byte() < 224 ? small->ItemCount() : bytes.Whole(-1, 9);
    const auto ratings = std::make_shared<const Ratings>(
        Ratings::FromStore(store, offsets, items, 8 * small->Size(), bytes.Whole(1, 40)));
    const Options options = StreamingOptions(bytes);
    const ValidationRatings validation{.users = {0, 1, 2}, .items = {0, 5, 6}, .values = {1, 2, 3}, .times = {}};
    Trainer trainer(ratings, options, bytes.Flag() ? validation : ValidationRatings());
    while (!trainer.Finished()) trainer.Step();
    fuzz::AskAll(trainer.Result(), bytes);
  });
  return 0;
}
