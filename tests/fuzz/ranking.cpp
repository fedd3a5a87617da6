#include <algorithm>
#include <cmath>
#include <vector>

#include "ranking/ranked_model.h"
#include "ranking/recommend.h"
#include "support.h"

// Any lists of items, any n: the ranking has what it must have, in the order of the scores.

namespace {

using namespace matfac;

std::vector<Index> SomeItems(fuzz::Bytes& bytes, Index count) {
  std::vector<Index> items;
  for (int left = bytes.Whole(0, 9); left > 0; --left) {
    items.push_back(bytes.Byte() == 255 ? static_cast<Index>(bytes.Bits(4)) : bytes.Whole(0, count - 1));
  }
  return items;
}

bool Has(const std::vector<Index>& items, Index item) { return std::ranges::find(items, item) != items.end(); }

void Check(const Model& model, Index user, const Ranking& ranking, const std::vector<Index>& expected, bool in_order) {
  std::vector<Index> sorted = ranking.indices;
  std::ranges::sort(sorted);
  fuzz::Require(std::ranges::adjacent_find(sorted) == sorted.end(), "an item is ranked once");
  for (std::size_t place = 0; place < ranking.indices.size(); ++place) {
    const Index item = ranking.indices[place];
    fuzz::Require(Has(expected, item), "only what competes is ranked");
    fuzz::Require(ranking.scores[place] == static_cast<float>(model.Score(user, item)), "a score is that of the model");
    if (!in_order || place == 0) continue;
    const float before = ranking.scores[place - 1];
    const bool better = before > ranking.scores[place];
    fuzz::Require(better || (before == ranking.scores[place] && ranking.indices[place - 1] < item), "the best first");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  fuzz::Guarded([&] {
    const Model& trained = fuzz::TrainedModel(bytes);
    const Model taken = bytes.Flag() ? fuzz::Changed(trained, bytes) : trained;
    const Model model = taken.HasPreference() && bytes.Flag() ? PreferenceModel(taken) : taken;
    const std::vector<Index> excluded = SomeItems(bytes, model.ItemCount());
    const std::vector<Index> included = SomeItems(bytes, model.ItemCount());
    const QuantizedRows quantized(model.item_factors);
    RecommendOptions options{.n = bytes.Whole(0, 12)};
    if (bytes.Flag()) options.included = included;
    if (bytes.Flag()) options.diversity = bytes.Double();
    const bool exact = bytes.Flag() || options.included;
    if (!exact) options.quantized = &quantized;
    std::vector<Index> expected;
    for (Index item = 0; item < model.ItemCount(); ++item) {
      if (!Has(excluded, item) && (!options.included || Has(included, item))) expected.push_back(item);
    }
    const Index user = bytes.Whole(0, model.UserCount() - 1);
    const Ranking ranking = Recommend(model, ProfileOf(model, user), options, excluded);
    fuzz::Require(ranking.indices.size() == std::min<std::size_t>(expected.size(), options.n), "the ranking is whole");
    Check(model, user, ranking, expected, options.diversity == 0.0);
    Workers alone(1);
    const std::vector<Index> users(17, user);
    const std::vector<std::span<const Index>> rows(users.size(), excluded);
    for (const Ranking& one : RecommendMany(model, users, options, rows, alone)) {
      fuzz::Require(one.indices == ranking.indices, "many users have what each has");
    }
    const Index item = bytes.Whole(0, model.ItemCount() - 1);
    Similar(model.item_factors, item, options.n, excluded, options.included);
  });
  return 0;
}
