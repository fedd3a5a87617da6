#pragma once

#include "data/ratings.h"
#include "model/options.h"

namespace matfac {

/// The defaults that depend on the data. An option is left open where its default says so (factors 0, confidence 0, and
/// regularization 0 where a solver needs one); the trainer fills it in before anything else, so that models, reports
/// and files hold the numbers. R is the smaller number of users and items that have ratings.

/// With these defaults, and the best of the settings tried (few on each set; pairs without ratings in the first two
/// rows):
///                                   F   confidence   λ        default          grid
///   MovieLens 100K, NDCG@10         64  3.5          0.0077   0.062            0.063
///   latest-small, NDCG@10           64  6.3          0.0086   0.044            0.044
///   Last.fm HetRec, NDCG@10         72  1.75 (log)   0.0061   0.272            0.273
///   MovieLens 1M (He et al.), NDCG  96  3.3          0.0048   0.452 (HR 0.728) 0.453
/// The rules were found on these and on Gowalla: F 184, confidence 27, λ 0.0024.

/// F of implicit feedback: 6 ∛R to the nearest multiple of 8, from 64 to 256. Larger data tell more tastes apart; fewer
/// than 64 factors save no time worth having.
int DefaultFactors(const Ratings& ratings);

/// λ of implicit-als: 0.075 / ∛R, in the unit of WeighRow, which is that of Rendle et al. 2021.
double DefaultRegularization(const Ratings& ratings);

/// The confidence of implicit-als: 0.7 / √(observed share of all pairs) for pairs of weight 1, divided by the mean
/// weight of the observed pairs, so that their total weight does not depend on the unit of the ratings. Pairs of weight
/// 0 count as not observed; users and items without observed pairs count for nothing. The published settings of ML-1M,
/// ML-20M and MSD are near it (Rendle, Krichene, Zhang and Koren 2021, arXiv 2110.14037: α₀ = 1 / confidence).
double DefaultConfidence(const Ratings& ratings, Weights weights);

/// Fills in what `options` leave open with the values of another model.
void FillOpen(const ModelOptions& from, ModelOptions& options);
/// Fills in what `options` leave open. Needs valid options.
void FillFromData(const Ratings& ratings, ModelOptions& options);

}  // namespace matfac
