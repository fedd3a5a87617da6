/// The core of matfac/serve, which reads a model and recommends. Plain functions over numbers in memory rather than
/// Embind, whose glue and registrations would be a third of this module. bindings/js/core/serve-core.ts calls them.
///
/// Arrays are passed as pointer and length; results stay in `results` until the next call. A function that can fail
/// returns true on success; Failure() and Message() describe a failure.

#include <emscripten.h>

#include <cstdlib>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "fold_in/uncertainty.h"
#include "model/options.h"
#include "ranking/item_map.h"
#include "ranking/recommend.h"
#include "serve/exception_abi.h"
#include "shared/model_parts.h"
#include "shared/recommend_task.h"

namespace matfac {
namespace {

struct Results {
  double number = 0.0;
  std::vector<Index> items;
  std::vector<float> scores;
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

std::span<const Index> Indices(const Index* data, int count) { return {data, static_cast<std::size_t>(count)}; }
std::span<const float> Floats(const float* data, int count) { return {data, static_cast<std::size_t>(count)}; }

void Give(Ranking ranking) {
  results.items = std::move(ranking.indices);
  results.scores = std::move(ranking.scores);
}

/// The profile with its bias at the end.
Profile ProfileFrom(const Model& model, const float* numbers, int count) {
  const std::vector<float> factors(numbers, numbers + count - 1);
  const FactorMatrix row = PaddedRows("profile", factors, model.options);
  if (row.rows() != 1) throw std::invalid_argument("profile must have one row; it has " + std::to_string(row.rows()));
  return {.factors = std::vector<float>(row.data(), row.data() + row.size()), .bias = numbers[count - 1]};
}

/// A negative count of included items stands for no list.
RecommendOptions OptionsFrom(HeldModel& model, int n, double diversity, bool approximate, const Index* included,
                             int included_count) {
  std::optional<std::span<const Index>> only;
  if (included_count >= 0) only = Indices(included, included_count);
  return ToRecommendOptions(model, n, diversity, approximate, only);
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE int Failure() { return static_cast<int>(last_error.code); }
EMSCRIPTEN_KEEPALIVE const char* Message() { return last_error.message.data(); }
EMSCRIPTEN_KEEPALIVE int MessageLength() { return static_cast<int>(last_error.message.size()); }
EMSCRIPTEN_KEEPALIVE double Number() { return results.number; }
EMSCRIPTEN_KEEPALIVE const Index* Items() { return results.items.data(); }
EMSCRIPTEN_KEEPALIVE int ItemsLength() { return static_cast<int>(results.items.size()); }
EMSCRIPTEN_KEEPALIVE const float* Scores() { return results.scores.data(); }
EMSCRIPTEN_KEEPALIVE int ScoresLength() { return static_cast<int>(results.scores.size()); }
EMSCRIPTEN_KEEPALIVE const Index* Ends() { return results.ends.data(); }
EMSCRIPTEN_KEEPALIVE int EndsLength() { return static_cast<int>(results.ends.size()); }

/// Null when memory runs out.
EMSCRIPTEN_KEEPALIVE void* Take(int bytes) { return std::malloc(bytes); }
EMSCRIPTEN_KEEPALIVE void Free(void* memory) { std::free(memory); }

/// `numbers` are factors, regularization, bias regularization, biases, confidence, samples, mean, minimum, maximum and
/// whether there is a posterior. `arrays` are ten: user and item factors, implicit, user and item bias; of the
/// posterior priors, user, item and implicit bias, noise. Each is `lengths[i]` long, end to end.
EMSCRIPTEN_KEEPALIVE HeldModel* Create(const char* solver, int solver_length, const char* implicit, int implicit_length,
                                       const double* numbers, int /*count*/, const float* arrays, int /*count*/,
                                       const Index* lengths, int /*count*/) {
  HeldModel* made = nullptr;
  Guarded([&] {
    ModelOptions options = DefaultOptions(SolverFromName({solver, static_cast<std::size_t>(solver_length)})).model;
    options.factors = static_cast<int>(numbers[0]);
    options.regularization = numbers[1];
    options.bias_regularization = numbers[2];
    options.biases = numbers[3] != 0.0;
    options.confidence = numbers[4];
    options.samples = static_cast<int>(numbers[5]);
    options.implicit_terms = ImplicitTermsFromName({implicit, static_cast<std::size_t>(implicit_length)});
    Validate(options);
    const auto next = [&] {
      const std::vector<float> array(arrays, arrays + *lengths);
      arrays += *lengths++;
      return array;
    };
    // In a braced list, so in order.
    ModelParts parts{next(), next(), next(), next(), next(), numbers[6], numbers[7], numbers[8], std::nullopt};
    if (numbers[9] != 0.0) parts.posterior = ModelParts::PosteriorParts{next(), next(), next(), next(), next()};
    made = new HeldModel(ModelFrom(options, parts));
  });
  return made;
}

EMSCRIPTEN_KEEPALIVE void Delete(HeldModel* model) { delete model; }

EMSCRIPTEN_KEEPALIVE bool Predict(HeldModel* model, Index user, Index item) {
  return Guarded([&] { results.number = model->Predict(user, item); });
}

EMSCRIPTEN_KEEPALIVE bool ProfilePredict(HeldModel* model, const float* profile, int length, Index item) {
  return Guarded([&] { results.number = matfac::Predict(*model, ProfileFrom(*model, profile, length), item); });
}

EMSCRIPTEN_KEEPALIVE bool Recommend(HeldModel* model, Index user, int n, double diversity, bool approximate,
                                    const Index* excluded, int excluded_count, const Index* included,
                                    int included_count) {
  return Guarded([&] {
    const RecommendOptions options = OptionsFrom(*model, n, diversity, approximate, included, included_count);
    Give(matfac::Recommend(*model, ProfileOf(*model, user), options, Indices(excluded, excluded_count)));
  });
}

EMSCRIPTEN_KEEPALIVE bool ProfileRecommend(HeldModel* model, const float* profile, int length, int n, double diversity,
                                           bool approximate, const Index* excluded, int excluded_count,
                                           const Index* included, int included_count) {
  return Guarded([&] {
    const RecommendOptions options = OptionsFrom(*model, n, diversity, approximate, included, included_count);
    Give(matfac::Recommend(*model, ProfileFrom(*model, profile, length), options, Indices(excluded, excluded_count)));
  });
}

EMSCRIPTEN_KEEPALIVE bool RecommendMany(HeldModel* model, const Index* users, int user_count, const Index* offsets,
                                        int offset_count, int n, double diversity, bool approximate,
                                        const Index* excluded, int excluded_count, const Index* included,
                                        int included_count) {
  return Guarded([&] {
    const RecommendOptions options = OptionsFrom(*model, n, diversity, approximate, included, included_count);
    JoinedRankings joined = RecommendJoined(*model, Indices(users, user_count), options,
                                            Indices(excluded, excluded_count), Indices(offsets, offset_count), 1);
    results.ends = std::move(joined.ends);
    Give(std::move(joined.all));
  });
}

EMSCRIPTEN_KEEPALIVE bool SimilarItems(HeldModel* model, Index item, int n) {
  return Guarded([&] {
    model->CheckItem(item);
    Give(Similar(model->item_factors, item, n));
  });
}

/// The profile with its bias at the end.
EMSCRIPTEN_KEEPALIVE bool FoldIn(HeldModel* model, const Index* items, int count, const float* values,
                                 int value_count) {
  return Guarded([&] {
    const Profile profile = model->ToVisitors().FoldIn(Indices(items, count), Floats(values, value_count));
    const FactorMatrix row = Eigen::Map<const FactorMatrix>(profile.factors.data(), 1, model->Stride());
    results.scores = PackedRows(row, model->options);
    results.scores.push_back(profile.bias);
  });
}

EMSCRIPTEN_KEEPALIVE bool Explain(HeldModel* model, const Index* items, int count, const float* values, int value_count,
                                  Index item) {
  return Guarded(
      [&] { results.scores = model->ToVisitors().Explain(Indices(items, count), Floats(values, value_count), item); });
}

EMSCRIPTEN_KEEPALIVE bool VisitorUncertainty(HeldModel* model, const Index* items, int count, const float* values,
                                             int value_count, const Index* asked, int asked_count) {
  return Guarded([&] {
    results.scores = model->ToVisitors().Uncertainty(Indices(items, count), Floats(values, value_count),
                                                     Indices(asked, asked_count));
  });
}

EMSCRIPTEN_KEEPALIVE bool Map(HeldModel* model, int dimensions) {
  return Guarded([&] {
    const FactorMatrix places = MapItems(model->item_factors, dimensions);
    results.scores.assign(places.data(), places.data() + places.size());
  });
}

}  // extern "C"

}  // namespace matfac
