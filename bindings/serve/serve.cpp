/// The core of matfac/serve, which reads a model and recommends. Plain functions over numbers in memory rather than
/// Embind, whose glue and registrations would be a third of this module. bindings/js/core/serve-core.ts calls them.
///
/// Arrays are passed as pointer and length; results stay in `results` until the next call. A function that can fail
/// returns true on success; Failure() and Message() describe a failure.

#include <emscripten.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "data/features.h"
#include "fold_in/uncertainty.h"
#include "model/numbers.h"
#include "model/option_table.h"
#include "model/options.h"
#include "model/ordinal.h"
#include "model/solver_traits.h"
#include "ranking/item_map.h"
#include "ranking/recommend.h"
#include "shared/last_error.h"
#include "shared/model_parts.h"
#include "shared/recommend_task.h"

namespace matfac {
namespace {

struct Results {
  double number = 0.0;
  std::vector<Index> items;
  std::vector<float> scores;
  std::vector<float> ratings;
  std::vector<Index> ends;
};

Results results;

template <typename Body>
bool Guarded(const Body& body) {
  try {
    body();
    return true;
  } catch (...) {
    return false;
  }
}

std::string_view Text(const char* data, int length) { return {data, static_cast<std::size_t>(length)}; }
std::span<const Index> Indices(const Index* data, int count) { return {data, static_cast<std::size_t>(count)}; }
std::span<const float> Floats(const float* data, int count) { return {data, static_cast<std::size_t>(count)}; }

template <typename T>
std::vector<T> Copied(std::span<const T> numbers) {
  return {numbers.begin(), numbers.end()};
}

struct Visitor {
  std::vector<Index> items;
  std::vector<float> values;
  std::vector<Index> columns;
  std::vector<float> numbers;

  FeaturesRow Features() const { return {.columns = columns, .values = numbers}; }
};

Visitor visitor;

/// A model in the making, whose options, numbers and tensors come by name.
struct Draft {
  Options options;
  ModelNumbers numbers;
  Model model;

  void SetNumber(std::string_view name, double value) {
    if (const OptionRule* const rule = FindOption(name)) {
      SetOption(*rule, value, options);
    } else if (name == "mean") {
      numbers.mean = value;
    } else if (name == "scale") {
      numbers.scale = value;
    } else if (name == "minimum") {
      numbers.minimum = value;
    } else if (name == "maximum") {
      numbers.maximum = value;
    } else {
      ThrowInvalid("there is no such number");
    }
  }
};

Draft draft;

/// Gives back its memory.
[[gnu::noinline]] void ForgetDraft() { draft = {}; }

/// A step of making a model; one that fails forgets those before it.
template <typename Body>
bool Drafted(const Body& body) {
  if (Guarded(body)) return true;
  ForgetDraft();
  return false;
}

void Give(Ranking ranking) {
  results.items = std::move(ranking.indices);
  results.scores = std::move(ranking.scores);
}

void Give(JoinedRankings joined) {
  Give(std::move(joined.all));
  results.ratings = std::move(joined.ratings);
  results.ends = std::move(joined.ends);
}

/// A negative count of included items stands for no list.
std::optional<std::span<const Index>> Only(const Index* included, int count) {
  if (count < 0) return std::nullopt;
  return Indices(included, count);
}

RecommendQuery QueryFrom(HeldModel& model, bool by_rating, int n, double diversity, bool approximate,
                         const Index* included, int included_count) {
  return ToRecommendQuery(model, by_rating, n, diversity, approximate, Only(included, included_count));
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE int Failure() { return static_cast<int>(ThrownError().code); }
EMSCRIPTEN_KEEPALIVE const char* Message() { return ThrownError().message.data(); }
EMSCRIPTEN_KEEPALIVE int MessageLength() { return static_cast<int>(ThrownError().message.size()); }
EMSCRIPTEN_KEEPALIVE double Number() { return results.number; }
EMSCRIPTEN_KEEPALIVE const Index* Items() { return results.items.data(); }
EMSCRIPTEN_KEEPALIVE int ItemsLength() { return static_cast<int>(results.items.size()); }
EMSCRIPTEN_KEEPALIVE const float* Scores() { return results.scores.data(); }
EMSCRIPTEN_KEEPALIVE int ScoresLength() { return static_cast<int>(results.scores.size()); }
EMSCRIPTEN_KEEPALIVE const float* Ratings() { return results.ratings.data(); }
EMSCRIPTEN_KEEPALIVE int RatingsLength() { return static_cast<int>(results.ratings.size()); }
EMSCRIPTEN_KEEPALIVE const Index* Ends() { return results.ends.data(); }
EMSCRIPTEN_KEEPALIVE int EndsLength() { return static_cast<int>(results.ends.size()); }

/// Returns null when memory runs out.
EMSCRIPTEN_KEEPALIVE void* Take(int bytes) { return std::malloc(bytes); }
EMSCRIPTEN_KEEPALIVE void Free(void* memory) { std::free(memory); }

/// A model is made by Begin, SetNumber and SetChoice for its options and numbers, CheckOptions, SetTensor for every
/// tensor in the order of Tensors(), and Finish, which gives it.
EMSCRIPTEN_KEEPALIVE bool Begin(const char* solver, int length) {
  return Drafted([&] {
    const SolverTraits& traits = TraitsOf(SolverFromName(Text(solver, length)));
    // Not DefaultOptions: the defaults of trainings would come into the module.
    draft.options.model = traits.model;
    draft.options.model.solver = traits.kind;
  });
}

/// Of an option, or mean, scale, minimum or maximum.
EMSCRIPTEN_KEEPALIVE bool SetNumber(const char* name, int length, double value) {
  return Drafted([&] { draft.SetNumber(Text(name, length), value); });
}

EMSCRIPTEN_KEEPALIVE bool SetChoice(const char* name, int length, const char* choice, int choice_length) {
  return Drafted([&] {
    const OptionRule& rule = *FindOption(Text(name, length));
    rule.set(draft.options, ChoiceOf(rule, Text(choice, choice_length)));
  });
}

EMSCRIPTEN_KEEPALIVE bool CheckOptions() {
  return Drafted([] {
    Validate(draft.options.model);
    draft.model = EmptyModel(draft.options.model, draft.numbers);
  });
}

EMSCRIPTEN_KEEPALIVE bool SetTensor(const char* name, int length, const float* numbers, int count) {
  return Drafted([&] { Unpack(*FindTensor(Text(name, length)), {numbers, numbers + count}, draft.model); });
}

/// In place of SetTensor, for a tensor that has codes.
EMSCRIPTEN_KEEPALIVE bool SetCodes(const char* name, int length, const std::int8_t* codes, int count,
                                   const float* scales, int rows) {
  return Drafted([&] {
    const TensorRule& tensor = *FindTensor(Text(name, length));
    const auto [width, blocks] = BlocksOf(tensor, draft.model.options);
    RequireLength(tensor.name, count, static_cast<std::size_t>(rows) * width * blocks);
    std::vector<std::int8_t> held(QuantizedRows::Room(rows, width, blocks));
    std::copy_n(codes, count, held.data());
    UnpackCodes(tensor, std::move(held), {scales, scales + rows}, draft.model);
  });
}

/// Null when there is not so much memory.
EMSCRIPTEN_KEEPALIVE HeldModel* Finish() {
  HeldModel* made = nullptr;
  Guarded([&] { made = new HeldModel(std::move(draft.model)); });
  ForgetDraft();
  return made;
}

EMSCRIPTEN_KEEPALIVE void Delete(HeldModel* model) { delete model; }

EMSCRIPTEN_KEEPALIVE bool Predict(HeldModel* model, Index user, Index item) {
  return Guarded([&] { results.number = model->Predict(user, item); });
}

EMSCRIPTEN_KEEPALIVE bool ProfilePredict(HeldModel* model, const float* profile, int length, Index item) {
  return Guarded([&] { results.number = matfac::Predict(*model, ProfileFrom(*model, Floats(profile, length)), item); });
}

EMSCRIPTEN_KEEPALIVE bool Recommend(HeldModel* model, Index user, bool by_rating, int n, double diversity,
                                    bool approximate, const Index* excluded, int excluded_count, const Index* included,
                                    int included_count) {
  return Guarded([&] {
    const RecommendQuery query = QueryFrom(*model, by_rating, n, diversity, approximate, included, included_count);
    Give(RecommendTo(*model, user, query, Indices(excluded, excluded_count)));
  });
}

EMSCRIPTEN_KEEPALIVE bool ProfileRecommend(HeldModel* model, const float* profile, int length, bool by_rating, int n,
                                           double diversity, bool approximate, const Index* excluded,
                                           int excluded_count, const Index* included, int included_count) {
  return Guarded([&] {
    const RecommendQuery query = QueryFrom(*model, by_rating, n, diversity, approximate, included, included_count);
    Give(RecommendTo(*model, ProfileFrom(*model, Floats(profile, length)), query, Indices(excluded, excluded_count)));
  });
}

EMSCRIPTEN_KEEPALIVE bool RecommendMany(HeldModel* model, const Index* users, int user_count, const Index* offsets,
                                        int offset_count, bool by_rating, int n, double diversity, bool approximate,
                                        const Index* excluded, int excluded_count, const Index* included,
                                        int included_count) {
  return Guarded([&] {
    const RecommendQuery query = QueryFrom(*model, by_rating, n, diversity, approximate, included, included_count);
    Give(RecommendJoined(*model, Indices(users, user_count), query, Indices(excluded, excluded_count),
                         Indices(offsets, offset_count), 1));
  });
}

EMSCRIPTEN_KEEPALIVE bool SimilarItems(HeldModel* model, Index item, int n, const Index* excluded, int excluded_count,
                                       const Index* included, int included_count, const float* trust, int trust_count) {
  return Guarded([&] {
    model->CheckItem(item);
    Give(Similar(SimilarityOf(*model), item, n, Indices(excluded, excluded_count), Only(included, included_count),
                 Floats(trust, trust_count)));
  });
}

/// What is known of the visitor of the calls that follow, until the next: the rated items and their ratings, and the
/// columns and values of the features.
EMSCRIPTEN_KEEPALIVE void SetVisitor(const Index* items, int count, const float* values, int value_count,
                                     const Index* columns, int column_count, const float* numbers, int number_count) {
  visitor = {.items = Copied(Indices(items, count)),
             .values = Copied(Floats(values, value_count)),
             .columns = Copied(Indices(columns, column_count)),
             .numbers = Copied(Floats(numbers, number_count))};
}

/// A PackedProfile.
EMSCRIPTEN_KEEPALIVE bool FoldIn(HeldModel* model) {
  return Guarded([&] {
    results.scores =
        PackedProfile(*model, model->ToVisitors().FoldIn(visitor.items, visitor.values, visitor.Features()));
  });
}

EMSCRIPTEN_KEEPALIVE bool Explain(HeldModel* model, Index item, bool by_rating) {
  return Guarded([&] {
    results.scores = ExplainScore(*model, model->ToVisitors(), by_rating ? RankBy::kRating : RankBy::kPreference,
                                  visitor.items, visitor.values, item, visitor.Features());
  });
}

EMSCRIPTEN_KEEPALIVE bool VisitorUncertainty(HeldModel* model, const Index* asked, int asked_count) {
  return Guarded([&] {
    results.scores =
        model->ToVisitors().Uncertainty(visitor.items, visitor.values, Indices(asked, asked_count), visitor.Features());
  });
}

/// The levels go to Ratings().
EMSCRIPTEN_KEEPALIVE bool VisitorDistributions(HeldModel* model, const Index* asked, int asked_count) {
  return Guarded([&] {
    results.scores = model->ToVisitors().Distributions(visitor.items, visitor.values, Indices(asked, asked_count),
                                                       visitor.Features());
    const std::span<const float> levels = OrdinalTerms::Of(*model).levels;
    results.ratings.assign(levels.begin(), levels.end());
  });
}

EMSCRIPTEN_KEEPALIVE bool Map(HeldModel* model, int dimensions, const float* trust, int trust_count) {
  return Guarded([&] {
    const FactorMatrix places = MapItems(SimilarityOf(*model), dimensions, Floats(trust, trust_count));
    results.scores.assign(places.data(), places.data() + places.size());
  });
}

}  // extern "C"

}  // namespace matfac
