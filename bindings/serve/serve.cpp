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
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "fold_in/uncertainty.h"
#include "model/option_table.h"
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

std::string_view Text(const char* data, int length) { return {data, static_cast<std::size_t>(length)}; }
std::span<const Index> Indices(const Index* data, int count) { return {data, static_cast<std::size_t>(count)}; }
std::span<const float> Floats(const float* data, int count) { return {data, static_cast<std::size_t>(count)}; }

/// The lines of a text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool Done() const { return rest_.empty(); }
  std::string_view Next() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    return line;
  }

 private:
  std::string_view rest_;
};

/// What a model is made of beside its tensors, set by name.
struct Given {
  Options options;
  ModelNumbers numbers;

  /// A line of Create's `names`; takes the next of `values` where the line has no value of its own.
  void Set(std::string_view line, std::span<const double> values, std::size_t& next) {
    const std::size_t equals = line.find('=');
    const std::string_view name = line.substr(0, equals);
    const OptionRule* const rule = FindOption(name);
    if (rule != nullptr && equals != std::string_view::npos) {
      rule->set(options, ChoiceOf(*rule, line.substr(equals + 1)));
      return;
    }
    const double value = next < values.size() ? values[next] : NAN;
    ++next;
    if (rule != nullptr) {
      if (rule->kind == OptionKind::kWhole && !IsAllowed(*rule, value)) {
        ThrowNotAllowed(name, AllowedValues(*rule), ValueText(*rule, value));
      }
      rule->set(options, value);
    } else {
      (name == "mean" ? numbers.mean : name == "minimum" ? numbers.minimum : numbers.maximum) = value;
    }
  }
};

/// Arrays end to end, asked for by name.
struct NamedArrays {
  std::string_view names;
  std::span<const Index> lengths;
  const float* first;

  std::vector<float> operator()(std::string_view name) const {
    Lines lines(names);
    const float* begin = first;
    for (const Index length : lengths) {
      if (lines.Next() == name) return {begin, begin + length};
      begin += length;
    }
    return {};
  }
};

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

/// Returns null when memory runs out.
EMSCRIPTEN_KEEPALIVE void* Take(int bytes) { return std::malloc(bytes); }
EMSCRIPTEN_KEEPALIVE void Free(void* memory) { std::free(memory); }

/// A model of this solver. `names` has a line for each of `numbers`: the name of an option, or mean, minimum or
/// maximum; a line of its own is an option with the name of a choice, "sweep=auto". `tensors` has a line with the name
/// of each tensor that is not empty, `lengths[i]` numbers of `arrays`, end to end.
EMSCRIPTEN_KEEPALIVE HeldModel* Create(const char* solver, int solver_length, const char* names, int names_length,
                                       const double* numbers, int number_count, const char* tensors, int tensors_length,
                                       const Index* lengths, int tensor_count, const float* arrays, int /*count*/) {
  HeldModel* made = nullptr;
  Guarded([&] {
    Given given{.options = DefaultOptions(SolverFromName(Text(solver, solver_length))), .numbers = {}};
    Lines lines(Text(names, names_length));
    const std::span<const double> values(numbers, number_count);
    for (std::size_t next = 0; !lines.Done();) given.Set(lines.Next(), values, next);
    Validate(given.options.model);
    const NamedArrays named{Text(tensors, tensors_length), Indices(lengths, tensor_count), arrays};
    made = new HeldModel(ModelFrom(given.options.model, given.numbers, named));
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
