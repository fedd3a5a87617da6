#pragma once

#include <string_view>

#include "model/option_table.h"

namespace matfac::catalogue {

/// What an option does. The first sentence stands alone in the help of the command line; all of it is the
/// documentation.
struct OptionWords {
  OptionId option;
  std::string_view words;
};

inline constexpr OptionWords kOptionWords[] = {
    {OptionId::kFactors,
     "How many numbers describe a user or an item. More factors see finer tastes, cost more time and memory, and "
     "overfit sooner. Left out, variational takes 8, or from 500,000 ratings on 16; implicit-als and bpr take 6 ∛(the "
     "smaller number of users and items), from 64 to 256."},
    {OptionId::kEpochs, "Passes over the ratings. With a warm start, passes on top of the model's own."},
    {OptionId::kRegularization,
     "How strongly factors are held near zero (λ), counted on ratings divided by their standard deviation; with sgd "
     "and gradient-descent on the ratings as they are. `src/solvers/` has the penalty of each solver; variational and "
     "bayesian learn their own. Left out, implicit-als takes 0.075 / ∛(the smaller number of users and items)."},
    {OptionId::kBiasRegularization, "How strongly biases are held near zero. Left out: `regularization`."},
    {OptionId::kLearningRate,
     "The length of a step in the first epoch; with svd++ on ratings divided by their standard deviation. Left out, "
     "sgd "
     "and gradient-descent take one that is stable on any ratings (`src/solvers/learning_rate.h`)."},
    {OptionId::kLearningRateDecay, "The learning rate is multiplied by this after each epoch."},
    {OptionId::kBiasLearningRate,
     "The length of the biases' steps, which does not decay. 0: that of the factors, decayed like theirs; without a "
     "`learningRate`, sgd and gradient-descent choose this one too."},
    {OptionId::kAdaptive,
     "Steps shrink, row by row, with the gradients so far (Adagrad with one number per row: Chin, Zhuang, Juan and Lin "
     "2015)."},
    {OptionId::kBiases, "Whether users and items have a bias: r̂ = mean + user bias + item bias + u·v."},
    {OptionId::kSeed, "Where random numbers start: the same seed gives the same model, bit for bit."},
    {OptionId::kInitialScale,
     "About how long each vector of factors is at the start, on ratings divided by their standard deviation. Left out, "
     "sgd and gradient-descent, which take it as it is, choose one by the size of the ratings."},
    {OptionId::kConfidence,
     "The weight of an observed pair with rating 1, where every other pair has weight 1. Left out: 0.7 / "
     "√(observed share of all pairs), divided by the mean weight of the observed pairs."},
    {OptionId::kWeights,
     "How a rating weighs in implicit feedback. `log`: log₂(1 + rating), so that a count of 1000 weighs 10 times a "
     "count of 1; `raw`: the rating itself; `none`: 1, whatever the rating. All are the same for pairs without "
     "ratings."},
    {OptionId::kDiscount,
     "How much less a pair weighs whose item many take: with n pairs of the item, 1 / n to this power, where the mean "
     "weight stays. 0: all weigh the same; 0.3 is worth a try on data with many rare items."},
    {OptionId::kImplicitTerms,
     "Also learn from which items a user rated, whatever the ratings are. `user`: from the items of each user; `both`: "
     "also from the users of each item (Koren 2008)."},
    {OptionId::kSamples, "How many samples of the posterior the model keeps. Its size grows with them."},
    {OptionId::kPreference,
     "Also learn who takes what, which is what recommendations go by: what a user will take and like. Without it, "
     "items "
     "are ranked by their predicted rating, and variational learns from the ratings alone."},
    {OptionId::kPreferenceFactors,
     "How many numbers describe what a user takes. Left out: 16, or from 10,000 ratings on 32."},
    {OptionId::kTime,
     "Also learn from when each rating was made: `mood`, how a user rates in a sitting (variational); `days`, how a "
     "user "
     "rates on a day (bayesian); `all`, whatever the solver has. It needs ratings with timestamps."},
    {OptionId::kLikelihood,
     "What a rating is given the score: `gaussian`, a number about it; `ordinal`, a step on an ordered scale whose cut "
     "points are learned, so that the model tells how likely each step is. It needs ratings of 2 to 64 distinct "
     "values."},
    {OptionId::kThreads, "How many threads train. The model does not depend on it."},
    {OptionId::kSweep,
     "How a row is solved: exactly by Cholesky, or improved by conjugate gradient or blocks of coordinates. Those two "
     "cost less with many factors; `auto` chooses by their number. The users of the last epoch are solved exactly in "
     "any case."},
    {OptionId::kPatience,
     "Stop after this many epochs without an improvement on the validation ratings, and keep the best epoch. 0: never. "
     "It watches RMSE, or NDCG with implicit feedback; it needs `validation`."},
};

}  // namespace matfac::catalogue
