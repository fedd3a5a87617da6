#pragma once

#include "base/parallel.h"
#include "model/model.h"
#include "solvers/bayesian/bayesian_side.h"
#include "solvers/bayesian/bayesian_terms.h"

namespace matfac {

/// Returns true when a training with these options continues with the samples of this model, because they are the
/// samples that it would have itself. Needs the state of the model, which holds the number of epochs they are spread
/// over.
bool GoesOnSampling(const Model& model, const Options& options);

/// Selects the sweeps that a model keeps as samples. The first fifth is burn-in, in which the model holds only the
/// current sweep. Of the others it keeps the given number of samples, evenly spread, the last sweep included.
class SampleSchedule {
 public:
  static constexpr int kNotKept = -1;

  SampleSchedule(int epochs, int samples);

  /// The number of the sample, from 0, that the sweep of `epoch` becomes, or kNotKept.
  int SlotOf(int epoch) const;
  int BurnIn() const { return burn_in_; }

 private:
  int burn_in_;
  int sweeps_;
  int kept_;
};

/// One draw of everything; item_implicit, the features, days and ordinal are null in models without these.
struct BayesianDraw {
  const BayesianSide& users;
  const BayesianSide& items;
  /// Of a row of which no feature is known.
  NormalPrior user_prior;
  NormalPrior item_prior;
  const BayesianRows* item_implicit;
  const BayesianTerms* user_features;
  const BayesianTerms* item_features;
  const BayesianDays* days;
  const BayesianOrdinal* ordinal;
  double level;
  double noise_precision;
};

/// Writes a draw into a model as sample `slot`, which becomes the last one and must be at most the next, and updates
/// the model's means over its samples. With biases the factors are stored relative to their prior means, and the terms
/// that this removes from u·v go to the biases and the level, so that a user or an item without ratings has zeros in
/// all of them:
///   w_0 + w_u + w_i + (μ_p + p)·(μ_q + q) =
///   [w_0 + μ_wu + μ_wi + μ_p·μ_q] + [w_u − μ_wu + p·μ_q] + [w_i − μ_wi + μ_p·q] + p·q
void WriteSample(const BayesianDraw& draw, int slot, Workers& workers, Model& model);

}  // namespace matfac
