#include "model/option_table.h"
#include "support.h"
#include "training/trainer.h"

// Any numbers in the options: refused, or a training that ends with a whole model or a listed error.

namespace {

using namespace matfac;

/// What decides how long a training takes, and not where it goes.
bool IsSize(OptionId option) {
  return option == OptionId::kFactors || option == OptionId::kEpochs || option == OptionId::kSamples ||
         option == OptionId::kPreferenceFactors || option == OptionId::kThreads;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  fuzz::Guarded([&] {
    Options options = fuzz::SmallOptions(bytes);
    for (const OptionRule& rule : OptionTable()) {
      const std::uint8_t kind = bytes.Byte();
      if (kind < 192) continue;
      Options wild = options;
      SetOption(rule, bytes.Double(), wild);
      // Sizes are checked alone; the others train.
      Validate(wild);
      if (!IsSize(rule.id)) options = wild;
    }
    Trainer trainer(fuzz::SmallRatings(), options);
    while (!trainer.Finished()) trainer.Step();
    fuzz::AskAll(trainer.Result(), bytes);
  });
  return 0;
}
