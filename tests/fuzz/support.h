#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "base/errors.h"
#include "bytes.h"
#include "data/ratings.h"
#include "model/model.h"
#include "model/options.h"

namespace matfac::fuzz {

/// Ends the process, which the fuzzer counts as a finding.
void Require(bool holds, const char* what);

/// Runs `body`; false for an error that matfac.h lists. Any other error ends the process.
template <typename Body>
bool Guarded(Body&& body) {
  try {
    std::forward<Body>(body)();
    return true;
  } catch (const std::invalid_argument&) {
  } catch (const UnsupportedError&) {
  } catch (const DivergenceError&) {
  }
  return false;
}

/// Six users and seven items, of whom the last have no ratings.
std::shared_ptr<const Ratings> SmallRatings();

/// A solver with few factors, samples and epochs, and its switches as the bytes say.
Options SmallOptions(Bytes& bytes);

/// A model of such options in its first epochs. Trained once for each of them, and kept.
const Model& TrainedModel(Bytes& bytes);

/// The tensors and numbers of `model` with some of them changed, taken in as those of a file are. Throws
/// std::invalid_argument where they are refused.
Model Changed(const Model& model, Bytes& bytes);

/// Every answer of a model to its own users, each of which must be finite.
void AskAll(const Model& model, Bytes& bytes);

}  // namespace matfac::fuzz
