#include <vector>

#include "support.h"
#include "training/kept_rows.h"
#include "training/trainer.h"

// A training that continues from a model that may be damaged, with any rows: refused, or a whole model or a listed
// error.

namespace {

using namespace matfac;

/// Mostly a row of the start for each row of the ratings.
std::vector<Index> SomeRows(fuzz::Bytes& bytes, Index count, Index known) {
  std::vector<Index> rows;
  const int kind = bytes.Whole(0, 3);
  for (Index row = 0; row < count; ++row) rows.push_back(kind < 2 ? row : bytes.Whole(-1, known));
  if (bytes.Byte() > 250) rows.pop_back();
  return rows;
}

std::vector<float> SomeShares(fuzz::Bytes& bytes, std::size_t count) {
  std::vector<float> shares;
  if (bytes.Flag()) return shares;
  for (std::size_t row = 0; row < count; ++row) shares.push_back(static_cast<float>(bytes.Byte()) / 256.0F);
  return shares;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  fuzz::Guarded([&] {
    const auto ratings = fuzz::SmallRatings();
    const Model& trained = fuzz::TrainedModel(bytes);
    WarmStart start{.model = bytes.Flag() ? fuzz::Changed(trained, bytes) : trained};
    start.users = SomeRows(bytes, ratings->UserCount(), start.model.UserCount());
    start.items = SomeRows(bytes, ratings->ItemCount(), start.model.ItemCount());
    start.epochs_done = bytes.Byte() < 250 ? bytes.Whole(0, 3) : static_cast<int>(bytes.Bits(4));
    start.keep = bytes.Flag();
    start.user_shares = SomeShares(bytes, start.users.size());
    start.item_shares = SomeShares(bytes, start.items.size());
    // Mostly with the options of the start.
    Options options = DefaultOptions(start.model.options.solver);
    options.model = start.model.options;
    if (bytes.Byte() > 192) options = fuzz::SmallOptions(bytes);
    options.training.epochs = bytes.Whole(1, 3);
    Trainer trainer(ratings, options, {}, start);
    while (!trainer.Finished()) trainer.Step();
    fuzz::AskAll(start.keep ? WithKept(trainer.Result(), start) : trainer.Result(), bytes);
  });
  return 0;
}
