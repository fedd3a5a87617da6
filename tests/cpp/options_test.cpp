#include "model/options.h"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>

#include "support.h"

namespace matfac {
namespace {

constexpr std::array kAllSolvers = {SolverKind::kAls, SolverKind::kSgd, SolverKind::kGradientDescent};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Assigns each value to one option of each solver's defaults and expects that Validate takes it.
template <typename Value, typename Set>
void ExpectAllowed(Set set, std::initializer_list<Value> values) {
  for (const SolverKind solver : kAllSolvers) {
    for (const Value value : values) {
      Options options = DefaultOptions(solver);
      set(options, value);
      EXPECT_NO_THROW(Validate(options)) << SolverName(solver) << ' ' << value;
    }
  }
}

/// … or refuses it with the option's name as JavaScript spells it.
template <typename Value, typename Set>
void ExpectRefused(const char* name, Set set, std::initializer_list<Value> values,
                   std::initializer_list<SolverKind> solvers = {SolverKind::kAls, SolverKind::kSgd,
                                                                SolverKind::kGradientDescent}) {
  for (const SolverKind solver : solvers) {
    for (const Value value : values) {
      Options options = DefaultOptions(solver);
      set(options, value);
      const std::string start = std::string(name) + " must be ";
      test::ExpectError<std::invalid_argument>([&] { Validate(options); }, {start.c_str(), "; it is "});
    }
  }
}

TEST(Options, DefaultsAreValid) {
  for (const SolverKind solver : kAllSolvers) {
    const Options options = DefaultOptions(solver);
    EXPECT_NO_THROW(Validate(options));
    EXPECT_EQ(options.model.solver, solver);
    EXPECT_EQ(options.training.seed, 1U);
    EXPECT_EQ(options.training.patience, 0);
  }
}

TEST(Options, GradientSolversHaveNeitherBiasesNorRegularizationUnlessAskedFor) {
  for (const SolverKind solver : {SolverKind::kSgd, SolverKind::kGradientDescent}) {
    const Options options = DefaultOptions(solver);
    EXPECT_FALSE(options.model.biases);
    EXPECT_EQ(options.model.regularization, 0.0);
    EXPECT_EQ(options.training.learning_rate_decay, 1.0);
  }
}

TEST(Options, Factors) {
  const auto set = [](Options& o, int value) { o.model.factors = value; };
  ExpectAllowed(set, {1, 3, 1024});
  ExpectRefused("factors", set, {0, -1, 1025, std::numeric_limits<int>::max()});
}

TEST(Options, Epochs) {
  const auto set = [](Options& o, int value) { o.training.epochs = value; };
  ExpectAllowed(set, {1, 1'000'000});
  ExpectRefused("epochs", set, {0, -5, 1'000'001});
}

TEST(Options, Regularization) {
  const auto set = [](Options& o, double value) { o.model.regularization = value; };
  ExpectAllowed(set, {1e-9, 0.1, 100.0});
  ExpectRefused("regularization", set, {-0.1, kNaN, kInfinity});
  ExpectRefused("regularization", set, {0.0}, {SolverKind::kAls});
}

TEST(Options, InitialScale) {
  const auto set = [](Options& o, double value) { o.model.initial_scale = value; };
  ExpectAllowed(set, {1e-6, 10.0});
  ExpectRefused("initialScale", set, {0.0, -1.0, kNaN, kInfinity});
}

TEST(Options, LearningRate) {
  const auto set = [](Options& o, double value) { o.training.learning_rate = value; };
  ExpectAllowed(set, {1e-9, 1.0, 100.0});
  ExpectRefused("learningRate", set, {0.0, -0.1, kNaN, kInfinity}, {SolverKind::kSgd, SolverKind::kGradientDescent});
}

TEST(Options, LearningRateDecay) {
  const auto set = [](Options& o, double value) { o.training.learning_rate_decay = value; };
  ExpectAllowed(set, {1e-3, 1.0});
  ExpectRefused("learningRateDecay", set, {0.0, -0.5, 1.001, kNaN, kInfinity});
}

TEST(Options, Patience) {
  const auto set = [](Options& o, int value) { o.training.patience = value; };
  ExpectAllowed(set, {0, 1, 1000});
  ExpectRefused("patience", set, {-1});
}

TEST(Options, MessagesShowTheValueAndWhatIsAllowed) {
  Options options = DefaultOptions(SolverKind::kSgd);
  options.training.learning_rate = kNaN;
  test::ExpectError<std::invalid_argument>([&] { Validate(options); },
                                           {"learningRate must be a finite number above 0; it is NaN"});
  options = DefaultOptions(SolverKind::kAls);
  options.model.factors = 2000;
  test::ExpectError<std::invalid_argument>([&] { Validate(options); },
                                           {"factors must be a whole number from 1 to 1024; it is 2000"});
}

TEST(Options, ChoicesAndSwitchesTakeNoOtherNumber) {
  for (const OptionId id : {OptionId::kWeights, OptionId::kSweep, OptionId::kBiases}) {
    const OptionRule& rule = OptionTable()[static_cast<std::size_t>(id)];
    for (const double value : {-1.0, 0.5, 7.0, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
      Options options = DefaultOptions(SolverKind::kSgd);
      EXPECT_THROW(SetOption(rule, value, options), std::invalid_argument) << rule.name << " " << value;
    }
  }
}

TEST(Options, NamesOfSolvers) {
  EXPECT_EQ(SolverName(SolverKind::kVariational), "variational");
  EXPECT_EQ(SolverName(SolverKind::kAls), "als");
  EXPECT_EQ(SolverName(SolverKind::kSgd), "sgd");
  EXPECT_EQ(SolverName(SolverKind::kGradientDescent), "gradient-descent");
  for (const SolverKind solver : kAllSolvers) EXPECT_EQ(SolverFromName(SolverName(solver)), solver);
  for (const char* name : {"ALS", "", "als ", "newton"}) {
    test::ExpectError<std::invalid_argument>(
        [&] { SolverFromName(name); },
        {"solver must be one of 'variational', 'als'", "gradient-descent", "it is '", name});
  }
}

}  // namespace
}  // namespace matfac
