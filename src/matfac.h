#pragma once

/// Matrix factorization for recommender systems: all of the library, and a short manual. Each header says of each
/// function what it needs, how large its destination must be, and what it throws.
///
/// Users and items are numbers, 0 … count − 1; names belong to the caller. kUnknown stands for a user or an item that a
/// model does not know.
///
/// In this order:
///   1. Ratings::FromTriplets freezes three columns (users, items, values) into a matrix. Split holds some ratings out
///      first; Generate makes synthetic ones. Ratings::FromStore takes ratings that are larger than memory.
///   2. DefaultOptions gives the options of a solver, to be changed as needed. Validate throws for options that do not
///      fit, as the trainer does.
///   3. Trainer takes both. Step() runs an epoch, Advance(seconds) a slice of time, until Finished(). Result() is the
///      model.
///   4. Evaluate measures its predictions on held-out ratings, RankingPass the ranking of all items.
///   5. Model::Predict, Recommend, RecommendMany, Similar, MapItems, Uncertainty query the model.
///   6. Visitors folds in visitors who are not in the model. Recommend and Predict take the Profile as they
///      take ProfileOf a user.
///   7. WarmStart continues from a model, also with new users and items.
///
/// Ownership:
///   - Results by value belong to the caller. Spans and pointers given to a function are read only during the call,
///     with these exceptions.
///   - Trainer shares the ratings (std::shared_ptr). Trainer::Result() is a reference into the trainer, and the next
///     step changes the model: copy it to keep it.
///   - Visitors, RankingPass and RecommendOptions::quantized refer to a model, which must outlive them and stay the
///     same.
///     RankingPass refers to its Workers too.
///   - A Model is plain data. Only const functions may be called from several threads at a time.
///
/// Exceptions:
///   - std::invalid_argument: an argument that does not fit; the message names it, says what it must
///     be, and then what it is.
///   - UnsupportedError (errors.h): the model is of a kind that does not support the operation.
///   - DivergenceError (errors.h): a training leaves the range of float32; the trainer keeps the last complete epoch.
///   - std::bad_alloc: out of memory.
/// A function whose description says "needs" does not check it. The library prints nothing and reads no file.
#include "base/errors.h"
#include "base/factors.h"
#include "base/parallel.h"
#include "base/quantized_rows.h"
#include "base/stored_rows.h"
#include "data/features.h"
#include "data/generator.h"
#include "data/ratings.h"
#include "data/split.h"
#include "fold_in/fold_in.h"
#include "fold_in/new_rows.h"
#include "fold_in/uncertainty.h"
#include "model/model.h"
#include "model/options.h"
#include "ranking/diversity.h"
#include "ranking/item_map.h"
#include "ranking/metrics.h"
#include "ranking/ranking.h"
#include "ranking/ranking_metrics.h"
#include "ranking/ranking_pass.h"
#include "ranking/recommend.h"
#include "training/kept_rows.h"
#include "training/trainer.h"
#include "training/warm_start.h"
