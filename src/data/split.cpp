#include "data/split.h"

#include "base/errors.h"
#include "base/random.h"

namespace matfac {

std::vector<bool> RandomSplit(std::size_t size, double share, std::uint32_t seed) {
  const double bound = share * 0x1p32;
  const std::uint32_t hashed_seed = Hash32(seed);
  std::vector<bool> held_out(size);
  for (std::size_t i = 0; i < size; ++i) held_out[i] = Hash32(static_cast<std::uint32_t>(i) ^ hashed_seed) < bound;
  return held_out;
}

void RatingColumns::Add(const Triplets& from, std::size_t i) {
  users.push_back(from.users[i]);
  items.push_back(from.items[i]);
  values.push_back(from.values[i]);
  if (!from.times.empty()) times.push_back(from.times[i]);
}

SplitRatings Split(const Triplets& ratings, double share, std::uint32_t seed) {
  const bool inside = share > 0.0 && share < 1.0;
  if (!inside) {
    ThrowInvalid("share must be a number between 0 and 1; it is {}", {share});
  }
  const std::vector<bool> held_out = RandomSplit(ratings.values.size(), share, seed);
  SplitRatings split;
  for (std::size_t i = 0; i < held_out.size(); ++i) (held_out[i] ? split.test : split.train).Add(ratings, i);
  if (split.test.values.empty() || split.train.values.empty()) {
    ThrowInvalid("share must leave ratings in both parts; it is {} of {} ratings, and one part is empty",
                 {share, held_out.size()});
  }
  return split;
}

}  // namespace matfac
