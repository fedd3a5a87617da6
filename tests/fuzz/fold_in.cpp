#include "fold_in/fold_in.h"

#include <cmath>
#include <vector>

#include "support.h"

// Any visitor of a model that may be damaged: refused, or finite scores, contributions and uncertainties.

namespace {

using namespace matfac;

void Ask(const Model& model, const std::vector<Index>& items, const std::vector<float>& values) {
  const Visitors visitors(model);
  const Profile profile = visitors.FoldIn(items, values);
  for (Index item = kUnknown; item < model.ItemCount(); ++item) {
    fuzz::Require(std::isfinite(Predict(model, profile, item)), "a visitor's prediction is finite");
  }
  fuzz::Guarded([&] {
    for (Index item = 0; item < model.ItemCount(); ++item) {
      for (const float part : visitors.Explain(items, values, item)) fuzz::Require(std::isfinite(part), "a part");
      for (const float part : visitors.ExplainLiked(items, values, item)) fuzz::Require(std::isfinite(part), "a part");
    }
    for (const float deviation : visitors.Uncertainty(items, values, items)) {
      fuzz::Require(std::isfinite(deviation), "an uncertainty is finite");
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  fuzz::Guarded([&] {
    const Model& trained = fuzz::TrainedModel(bytes);
    const Model model = bytes.Flag() ? fuzz::Changed(trained, bytes) : trained;
    std::vector<Index> items;
    std::vector<float> values;
    std::vector<bool> is_rated(model.ItemCount());
    for (int count = bytes.Whole(0, 7); count > 0; --count) {
      const Index item = bytes.Whole(-1, model.ItemCount());
      const bool is_inside = item >= 0 && item < model.ItemCount();
      if (is_inside && is_rated[item]) continue;  // they must be unique
      if (is_inside) is_rated[item] = true;
      items.push_back(item);
      values.push_back(bytes.Float());
    }
    if (bytes.Byte() == 255) values.push_back(1.0F);
    Ask(model, items, values);
  });
  return 0;
}
