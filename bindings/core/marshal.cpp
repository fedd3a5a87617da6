#include "core/marshal.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/errors.h"
#include "model/numbers.h"
#include "model/option_table.h"
#include "model/solver_traits.h"
#include "model/tensors.h"
#include "shared/last_error.h"
#include "shared/model_parts.h"

namespace matfac::marshal {
namespace {

/// The value as JavaScript writes it.
std::string Text(const val& value) { return val::global("String")(value).as<std::string>(); }

double ToNumber(const std::string& name, const val& value) {
  if (!value.isNumber()) ThrowNotAllowed(name, "a number", Text(value));
  return value.as<double>();
}

int ToInt(const std::string& name, const val& value) {
  const double number = ToNumber(name, value);
  if (number != std::floor(number) || std::abs(number) > std::numeric_limits<int>::max()) {
    ThrowNotAllowed(name, "a whole number", Text(value));
  }
  return static_cast<int>(number);
}

std::string ToText(const std::string& name, const val& value) {
  if (!value.isString()) ThrowNotAllowed(name, "a string", Text(value));
  return value.as<std::string>();
}

/// The number that stands for the value of an option.
double ToOptionValue(const OptionRule& rule, const val& value) {
  const std::string name(rule.name);
  switch (rule.kind) {
    case OptionKind::kSwitch:
      if (!value.isTrue() && !value.isFalse()) ThrowNotAllowed(name, AllowedValues(rule), Text(value));
      return value.isTrue() ? 1.0 : 0.0;
    case OptionKind::kChoice:
      return ChoiceOf(rule, ToText(name, value));
    case OptionKind::kWhole:
    case OptionKind::kReal:
      return ToNumber(name, value);
  }
  return 0.0;
}

void ReadOption(Options& options, const std::string& name, const val& value) {
  if (name == "solver" || value.isUndefined()) return;
  const OptionRule* const rule = FindOption(name);
  if (rule == nullptr) ThrowInvalid("there is no option '{}'", {name});
  SetOption(*rule, ToOptionValue(*rule, value), options);
}

/// As UnpackCodes takes them, without another copy.
std::vector<std::int8_t> ToCodes(const TensorRule& tensor, const val& array, std::size_t rows,
                                 const ModelOptions& options) {
  const auto [width, blocks] = BlocksOf(tensor, options);
  const auto length = array["length"].as<unsigned>();
  RequireLength(tensor.name, length, rows * width * blocks);
  std::vector<std::int8_t> codes(QuantizedRows::Room(rows, width, blocks));
  val(emscripten::typed_memory_view(length, codes.data())).call<void>("set", array);
  return codes;
}

/// As UnpackWhole takes it: straight from the array, so that a hundred megabytes of samples are not held three times.
FactorMatrix ToMatrix(const TensorRule& tensor, const val& array, const Model& model) {
  const auto length = array["length"].as<unsigned>();
  const auto [rows, columns] = PackedShape(tensor, length, model);
  FactorMatrix matrix(rows, columns);
  val(emscripten::typed_memory_view(length, matrix.data())).call<void>("set", array);
  return matrix;
}

val FromTensor(const Model& model, const TensorRule& tensor) {
  const std::span<const float> whole = Unpadded(model, tensor);
  return whole.empty() ? ToArray(Packed(model, tensor)) : ToArray(whole);
}

val FromOptionValue(const OptionRule& rule, double value) {
  switch (rule.kind) {
    case OptionKind::kSwitch:
      return val(value != 0.0);
    case OptionKind::kChoice:
      return val(std::string(rule.choices[static_cast<std::size_t>(value)]));
    case OptionKind::kWhole:
    case OptionKind::kReal:
      break;
  }
  return val(value);
}

}  // namespace

void ThrowFailure() {
  constexpr std::array<const char*, 4> kCodes = {"", "invalid-argument", "out-of-memory", "unsupported"};
  const LastError error = ThrownError();
  val failure = val::object();
  failure.set("code", val(kCodes[static_cast<std::size_t>(error.code)]));
  failure.set("message", val(std::string(error.message)));
  failure.throw_();
}

Options ToOptions(const val& given) {
  const val solver = given["solver"];
  Options options =
      DefaultOptions(solver.isUndefined() ? SolverKind::kVariational : SolverFromName(ToText("solver", solver)));
  const val names = val::global("Object").call<val>("keys", given);
  const auto count = names["length"].as<unsigned>();
  for (unsigned i = 0; i < count; ++i) ReadOption(options, names[i].as<std::string>(), given[names[i]]);
  Validate(options);
  return options;
}

val FromOptions(const Options& options) {
  const SolverTraits& traits = TraitsOf(options.model.solver);
  val object = val::object();
  object.set("solver", val(std::string(SolverName(options.model.solver))));
  for (const OptionRule& rule : OptionTable()) {
    const std::optional<double> value = rule.get(options);
    // What the solver reads and its caller leaves open has no number before the training.
    if (!value && Reads(traits, rule.id)) continue;
    object.set(std::string(rule.name), FromOptionValue(rule, value.value_or(0.0)));
  }
  return object;
}

val FromReport(const EpochReport& report) {
  val object = val::object();
  object.set("epoch", report.epoch);
  object.set("epochs", report.epochs);
  object.set("loss", report.loss);
  object.set("trainRmse", report.train_rmse);
  object.set("validationRmse", report.validation_rmse);
  object.set("validationNdcg", report.validation_ndcg);
  object.set("seconds", report.seconds);
  object.set("ratingsPerSecond", report.ratings_per_second);
  return object;
}

val FromRanking(const Ranking& ranking) {
  val object = val::object();
  object.set("items", ToArray(ranking.indices));
  object.set("scores", ToArray(ranking.scores));
  return object;
}

val FromRankings(const JoinedRankings& rankings) {
  val object = FromRanking(rankings.all);
  object.set("ratings", ToArray(rankings.ratings));
  object.set("ends", ToArray(rankings.ends));
  return object;
}

ModelMaker::ModelMaker(const val& tensors, const Options& options) : tensors_(tensors) {
  const int factors = ToInt("factors", tensors["factors"]);
  if (factors != options.model.factors) {
    ThrowInvalid("factors must be {} in the tensors, as in the options; it is {}", {options.model.factors, factors});
  }
  const ModelNumbers numbers{.mean = ToNumber("mean", tensors["mean"]),
                             .scale = ToNumber("scale", tensors["scale"]),
                             .minimum = ToNumber("minimum", tensors["minimum"]),
                             .maximum = ToNumber("maximum", tensors["maximum"])};
  model_ = EmptyModel(options.model, numbers);
}

bool ModelMaker::Advance() {
  const TensorRule& tensor = Tensors()[next_++];
  const std::string name(tensor.name);
  const val codes = tensors_["codes"];
  const val kept = codes.isUndefined() ? codes : codes[name];
  const val given = tensors_[name];
  if (tensor.codes == nullptr || kept.isUndefined()) {
    if (IsUnpadded(tensor, model_.options)) {
      UnpackWhole(tensor, ToMatrix(tensor, given, model_), model_);
    } else {
      Unpack(tensor, ToVector<float>(given), model_);
    }
  } else {
    auto scales = ToVector<float>(kept["scale"]);
    UnpackCodes(tensor, ToCodes(tensor, kept["codes"], scales.size(), model_.options), std::move(scales), model_);
  }
  return next_ == Tensors().size();
}

Model ToModel(const val& tensors, const Options& options) {
  ModelMaker maker(tensors, options);
  while (!maker.Advance()) {
  }
  return std::move(maker.Made());
}

std::shared_ptr<const SideFeatures> ToSideFeatures(const val& features) {
  const auto side = [&](const char* name) {
    const val rows = features[name];
    if (rows.isNull()) return Features();
    const auto offsets = ToVector<Index>(rows["offsets"]);
    return Features(name, {offsets.begin(), offsets.end()}, ToVector<Index>(rows["columns"]),
                    ToVector<float>(rows["values"]), ToInt(name, rows["width"]));
  };
  return std::make_shared<const SideFeatures>(
      SideFeatures{.users = side("userFeatures"), .items = side("itemFeatures")});
}

std::optional<WarmStart> ToWarmStart(const val& start) {
  if (start.isNull()) return std::nullopt;
  return WarmStart{.model = ToModel(start["tensors"], ToOptions(start["options"])),
                   .users = ToVector<Index>(start["users"]),
                   .items = ToVector<Index>(start["items"]),
                   .epochs_done = ToInt("epochsDone", start["epochsDone"]),
                   .keep = start["keep"].isTrue(),
                   .user_shares = ToVector<float>(start["userShares"]),
                   .item_shares = ToVector<float>(start["itemShares"])};
}

val FromModel(const Model& model) {
  val object = val::object();
  for (const char* const name : {"factors", "columns", "mean", "scale", "minimum", "maximum"}) {
    object.set(name, TensorOf(model, name));
  }
  for (const TensorRule& tensor : Tensors()) object.set(std::string(tensor.name), FromTensor(model, tensor));
  return object;
}

val TensorOf(const Model& model, const std::string& name) {
  if (const TensorRule* const tensor = FindTensor(name)) return FromTensor(model, *tensor);
  if (name == "factors") return val(model.options.factors);
  if (name == "columns") return val(model.options.factors * model.options.samples);
  if (name == "mean") return val(model.mean);
  if (name == "scale") return val(model.scale);
  if (name == "minimum") return val(model.minimum);
  if (name == "maximum") return val(model.maximum);
  return val::undefined();
}

}  // namespace matfac::marshal
