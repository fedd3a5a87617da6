#include "core/marshal.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string_view>

#include "core/marshal_posterior.h"
#include "shared/checks.h"
#include "shared/model_parts.h"

namespace matfac::marshal {
namespace {

std::string Shown(const val& value) { return val::global("String")(value).as<std::string>(); }

double ToNumber(const std::string& name, const val& value) {
  if (!value.isNumber()) throw std::invalid_argument(name + " is " + Shown(value) + ": a number is allowed");
  return value.as<double>();
}

/// A whole number of at most 2⁵³, JavaScript's last exact one.
std::int64_t ToWhole(const std::string& name, const val& value) {
  constexpr double kLimit = 9007199254740992.0;
  const double number = ToNumber(name, value);
  if (number != std::floor(number) || std::abs(number) > kLimit) {
    throw std::invalid_argument(name + " is " + Shown(value) + ": a whole number is allowed");
  }
  return static_cast<std::int64_t>(number);
}

/// Saturated, so that a huge number is out of range for Validate rather than wrapped into it.
int ToInt(const std::string& name, const val& value) {
  return static_cast<int>(
      std::clamp<std::int64_t>(ToWhole(name, value), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

bool ToBool(const std::string& name, const val& value) {
  if (!value.isTrue() && !value.isFalse()) {
    throw std::invalid_argument(name + " is " + Shown(value) + ": true or false is allowed");
  }
  return value.isTrue();
}

std::string ToText(const std::string& name, const val& value) {
  if (!value.isString()) throw std::invalid_argument(name + " is " + Shown(value) + ": a string is allowed");
  return value.as<std::string>();
}

std::uint64_t ToSeed(const std::string& name, const val& value) {
  const std::int64_t seed = ToWhole(name, value);
  if (seed < 0) throw std::invalid_argument(name + " is " + Shown(value) + ": a whole number of 0 or more is allowed");
  return static_cast<std::uint64_t>(seed);
}

struct OptionReader {
  std::string_view name;
  void (*read)(Options& options, const std::string& name, const val& value);
};

using O = Options;
using S = const std::string&;
using V = const val&;
constexpr std::array<OptionReader, 17> kReaders = {{
    {"factors", [](O& o, S name, V value) { o.model.factors = ToInt(name, value); }},
    {"regularization", [](O& o, S name, V value) { o.model.regularization = ToNumber(name, value); }},
    {"biasRegularization", [](O& o, S name, V value) { o.model.bias_regularization = ToNumber(name, value); }},
    {"biases", [](O& o, S name, V value) { o.model.biases = ToBool(name, value); }},
    {"initialScale", [](O& o, S name, V value) { o.model.initial_scale = ToNumber(name, value); }},
    {"confidence", [](O& o, S name, V value) { o.model.confidence = ToNumber(name, value); }},
    {"implicit", [](O& o, S name, V value) { o.model.implicit_terms = ImplicitTermsFromName(ToText(name, value)); }},
    {"samples", [](O& o, S name, V value) { o.model.samples = ToInt(name, value); }},
    {"threads", [](O& o, S name, V value) { o.training.threads = ToInt(name, value); }},
    {"sweep", [](O& o, S name, V value) { o.training.sweep = SweepFromName(ToText(name, value)); }},
    {"epochs", [](O& o, S name, V value) { o.training.epochs = ToInt(name, value); }},
    {"learningRate", [](O& o, S name, V value) { o.training.learning_rate = ToNumber(name, value); }},
    {"learningRateDecay", [](O& o, S name, V value) { o.training.learning_rate_decay = ToNumber(name, value); }},
    {"biasLearningRate", [](O& o, S name, V value) { o.training.bias_learning_rate = ToNumber(name, value); }},
    {"adaptive", [](O& o, S name, V value) { o.training.adaptive = ToBool(name, value); }},
    {"seed", [](O& o, S name, V value) { o.training.seed = ToSeed(name, value); }},
    {"patience", [](O& o, S name, V value) { o.training.patience = ToInt(name, value); }},
}};

void ReadOption(Options& options, const std::string& name, const val& value) {
  if (name == "solver" || value.isUndefined()) return;
  const auto* const reader = std::ranges::find(kReaders, std::string_view(name), &OptionReader::name);
  if (reader == kReaders.end()) throw std::invalid_argument("there is no option '" + name + "'");
  reader->read(options, name, value);
}

}  // namespace

Options ToOptions(const val& given) {
  const val solver = given["solver"];
  Options options = DefaultOptions(solver.isUndefined() ? SolverKind::kAls : SolverFromName(ToText("solver", solver)));
  const val names = val::global("Object").call<val>("keys", given);
  const auto count = names["length"].as<unsigned>();
  for (unsigned i = 0; i < count; ++i) ReadOption(options, names[i].as<std::string>(), given[names[i]]);
  Validate(options);
  return options;
}

val FromOptions(const Options& options) {
  val object = val::object();
  object.set("solver", val(std::string(SolverName(options.model.solver))));
  object.set("factors", options.model.factors);
  object.set("epochs", options.training.epochs);
  object.set("regularization", options.model.regularization);
  object.set("biasRegularization", options.model.BiasRegularization());
  object.set("learningRate", options.training.learning_rate.value_or(0.0));
  object.set("learningRateDecay", options.training.learning_rate_decay);
  object.set("biasLearningRate", options.training.bias_learning_rate);
  object.set("adaptive", options.training.adaptive);
  object.set("biases", options.model.biases);
  object.set("seed", static_cast<double>(options.training.seed));
  object.set("initialScale", options.model.initial_scale);
  object.set("confidence", options.model.confidence);
  object.set("implicit", val(std::string(ImplicitTermsName(options.model.implicit_terms))));
  object.set("samples", options.model.samples);
  object.set("threads", options.training.threads);
  object.set("sweep", val(std::string(SweepName(options.training.sweep))));
  object.set("patience", options.training.patience);
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

Model ToModel(const val& tensors, const Options& options) {
  const int factors = ToInt("factors", tensors["factors"]);
  if (factors != options.model.factors) {
    throw std::invalid_argument("factors is " + std::to_string(factors) + " in the tensors and " +
                                std::to_string(options.model.factors) + " in the options");
  }
  ModelParts parts{.user_factors = ToVector<float>(tensors["userFactors"]),
                   .item_factors = ToVector<float>(tensors["itemFactors"]),
                   .item_implicit = ToVector<float>(tensors["itemImplicit"]),
                   .user_bias = ToVector<float>(tensors["userBias"]),
                   .item_bias = ToVector<float>(tensors["itemBias"]),
                   .mean = ToNumber("mean", tensors["mean"]),
                   .minimum = ToNumber("minimum", tensors["minimum"]),
                   .maximum = ToNumber("maximum", tensors["maximum"]),
                   .posterior = ToPosterior(tensors["posterior"])};
  Model model = ModelFrom(options.model, parts);
  model.state = ToVector<float>(tensors["state"]);
  RequireFinite("state", model.state);
  return model;
}

std::optional<WarmStart> ToWarmStart(const val& start) {
  if (start.isNull()) return std::nullopt;
  return WarmStart{.model = ToModel(start["tensors"], ToOptions(start["options"])),
                   .users = ToVector<Index>(start["users"]),
                   .items = ToVector<Index>(start["items"]),
                   .epochs_done = ToInt("epochsDone", start["epochsDone"])};
}

namespace {

struct Tensor {
  const char* name;
  val (*copy)(const Model& model);
};

constexpr std::array kTensors = {
    Tensor{"factors", [](const Model& model) { return val(model.options.factors); }},
    Tensor{"columns", [](const Model& model) { return val(model.options.factors * model.options.samples); }},
    Tensor{"userFactors", [](const Model& model) { return ToArray(PackedRows(model.user_factors, model.options)); }},
    Tensor{"itemFactors", [](const Model& model) { return ToArray(PackedRows(model.item_factors, model.options)); }},
    Tensor{"itemImplicit", [](const Model& model) { return ToArray(PackedRows(model.item_implicit, model.options)); }},
    Tensor{"userBias", [](const Model& model) { return ToArray(model.user_bias); }},
    Tensor{"itemBias", [](const Model& model) { return ToArray(model.item_bias); }},
    Tensor{"mean", [](const Model& model) { return val(model.mean); }},
    Tensor{"minimum", [](const Model& model) { return val(model.minimum); }},
    Tensor{"maximum", [](const Model& model) { return val(model.maximum); }},
    Tensor{"posterior", &FromPosterior},
    Tensor{"state", [](const Model& model) { return ToArray(model.state); }},
};

}  // namespace

val FromModel(const Model& model) {
  val object = val::object();
  for (const Tensor& tensor : kTensors) object.set(tensor.name, tensor.copy(model));
  return object;
}

val TensorOf(const Model& model, const std::string& name) {
  const auto* found = std::ranges::find(kTensors, name, &Tensor::name);
  return found == kTensors.end() ? val::undefined() : found->copy(model);
}

Profile ToProfile(const val& profile, const Model& model) {
  const FactorMatrix row = PaddedRows("profile", ToVector<float>(profile["factors"]), model.options);
  RequireLength("profile", row.rows(), 1);
  return {.factors = std::vector<float>(row.data(), row.data() + row.size()),
          .bias = static_cast<float>(ToNumber("bias", profile["bias"]))};
}

val FromProfile(const Profile& profile, const Model& model) {
  const FactorMatrix row = Eigen::Map<const FactorMatrix>(profile.factors.data(), 1, model.Stride());
  val object = val::object();
  object.set("factors", ToArray(PackedRows(row, model.options)));
  object.set("bias", profile.bias);
  return object;
}

}  // namespace matfac::marshal
