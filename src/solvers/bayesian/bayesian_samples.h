#pragma once

#include "base/parallel.h"
#include "model/model.h"
#include "solvers/bayesian/bayesian_side.h"

namespace matfac {

/// Whether a training of so many epochs goes on with the samples of this model, those that it would have itself by now.
/// Needs the model's state, which says how many epochs they were spread over.
bool GoesOnSampling(const Model& model, const Options& options);

/// Which sweeps a model keeps as samples. The first fifth is burn-in, in which the model shows the current sweep alone;
/// of the others so many as there are samples are kept, evenly spread, the last one among them.
class SampleSchedule {
 public:
  static constexpr int kNotKept = -1;

  SampleSchedule(int epochs, int samples);

  /// Which sample the sweep of `epoch` becomes, from 0, or kNotKept.
  int SlotOf(int epoch) const;

 private:
  int burn_in_;
  int sweeps_;
  int kept_;
};

/// One draw of everything; item_implicit is null without implicit terms.
struct BayesianDraw {
  const BayesianSide& users;
  const BayesianSide& items;
  const BayesianRows* item_implicit;
  double level;
  double noise_precision;
};

/// Writes a draw into a model as sample `slot`, at most the next one, which is the last one from then on, and the
/// model's means over its samples. With biases the factors are written as they differ from their prior means, and what
/// that takes from u·v goes to the biases and the level, so that a user or an item without ratings has zeros in all of
/// them:
///   w_0 + w_u + w_i + (μ_p + p)·(μ_q + q) =
///   [w_0 + μ_wu + μ_wi + μ_p·μ_q] + [w_u − μ_wu + p·μ_q] + [w_i − μ_wi + μ_p·q] + p·q
void WriteSample(const BayesianDraw& draw, int slot, Workers& workers, Model& model);

}  // namespace matfac
