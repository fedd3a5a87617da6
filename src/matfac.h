#pragma once

/// Matrix factorization for recommender systems: all of the library, and a short manual. Each header says of each
/// function what it needs, how large its destination must be, and what it throws.
///
/// Users and items are numbers, 0 … count − 1; names are the caller's. kUnknown stands for one that a model does not
/// know.
///
/// In this order:
///   1. Ratings::FromTriplets freezes three columns (users, items, values) into a matrix; Split holds some of them out
///      first, Generate makes some up.
///   2. DefaultOptions gives the options of a solver; change what you like. Validate refuses what does not fit, as the
///      trainer does.
///   3. Trainer takes both. Step() is an epoch, Advance(seconds) a slice of time, until Finished(); Result() is the
///      model.
///   4. Evaluate judges its predictions by ratings held out, RankingPass the ranking of all items.
///   5. Model::Predict, Recommend, RecommendMany, Similar, MapItems, Uncertainty ask the model.
///   6. Visitors folds in who is not in it: a Profile, which Recommend and Predict take as they take ProfileOf a user.
///   7. WarmStart goes on from a model, with new users and items too.
///
/// Whose is what:
///   - What comes back by value is the caller's; spans and pointers that go in are read during the call alone, but for
///     what the following say.
///   - Trainer shares the ratings (std::shared_ptr). Trainer::Result() is a reference into the trainer, which its next
///     step changes: copy the model to keep it.
///   - Visitors, RankingPass and RecommendOptions::quantized refer to a model: it must outlive them and stay the same.
///     RankingPass refers to its Workers too.
///   - A Model is plain data. const functions may be called from several threads at a time; nothing else may.
///
/// What is thrown:
///   - std::invalid_argument: an argument that does not fit; the message names it, its value and what is allowed.
///   - UnsupportedError (errors.h): asked of a kind of model that cannot answer.
///   - DivergenceError (trainer.h): the loss is no finite number any more; the trainer keeps the last whole epoch.
///   - std::bad_alloc: memory ran out.
/// A function whose description says "needs" does not check it. The library prints nothing and reads no file.
#include "base/errors.h"
#include "base/factors.h"
#include "base/parallel.h"
#include "data/generator.h"
#include "data/ratings.h"
#include "data/split.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "model/model.h"
#include "model/options.h"
#include "ranking/diversity.h"
#include "ranking/item_map.h"
#include "ranking/metrics.h"
#include "ranking/quantized_items.h"
#include "ranking/ranking.h"
#include "ranking/ranking_metrics.h"
#include "ranking/ranking_pass.h"
#include "ranking/recommend.h"
#include "training/trainer.h"
#include "training/warm_start.h"
