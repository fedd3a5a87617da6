#pragma once

#include "data/ratings.h"
#include "model/options.h"

namespace matfac {

/// η of an epoch (from 1): learning_rate · decay^(epoch − 1), by repeated multiplication, for the same bits everywhere.
double LearningRate(const TrainingOptions& options, int epoch);

/// η_b of an epoch.
double BiasLearningRate(const TrainingOptions& options, int epoch);

/// A learning rate with which batch gradient descent does not diverge: 1 / (2 σ + λ), with the largest singular value σ
/// of |R − centre|, zero where R is missing, by power iteration. Of ½ ‖R − u vᵀ‖² with ‖u‖² = ‖v‖² = σ the largest
/// curvature is 2 σ, and steps below 2 / (2 σ) do not grow; half of that leaves room for the factors to overshoot on
/// their way. Where R is the centre everywhere, |R − centre| counts as 1.
double StableLearningRate(const Ratings& ratings, double centre = 0.0, double regularization = 0.0);

/// Fills in what sgd and gradient-descent leave open: the initial scale (OpenInitialScale), and a learning rate that is
/// stable on any ratings, with c = 0, or with biases c = the mean:
///   gradient-descent: η = StableLearningRate; biases η_b = 1 / (n_u + n_i + λ_b), with the most ratings of a user and
///   of an item, whose sum bounds the curvature of the biases
///   sgd: η = 1 / (20 d² / m + λ), with the mean m and the largest d of |r − c|; biases η_b = 1 / (100 + λ_b)
/// A row of ‖v‖² = m / 16, as at the start of sgd, fits a rating d with a row of ‖u‖² = 16 d² / m, and then a step of v
/// changes an error by η ‖u‖² = 0.8 of it, where more than 2 would diverge. On MovieLens η is 0.007.
/// Ratings a r + b, with a > 0, and b = 0 without biases, have η / a, and the biases' rate stays.
void ChooseOpen(const Ratings& ratings, Options& options);

}  // namespace matfac
