#include "support.h"

// Tensors and numbers as a damaged file has them: refused, or a model that answers everything.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace matfac;
  fuzz::Bytes bytes(data, size);
  fuzz::Guarded([&] {
    const Model& trained = fuzz::TrainedModel(bytes);
    fuzz::AskAll(fuzz::Changed(trained, bytes), bytes);
  });
  return 0;
}
