#include "model/tensors.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

Model Trained(SolverKind solver, bool preference) {
  Options options = DefaultOptions(solver);
  options.model.preference = preference;
  options.model.preference_factors = 6;  // with padding
  if (solver == SolverKind::kVariational) options.model.factors = 5;
  options.training.epochs = 4;
  Trainer trainer(test::Freeze(test::RandomColumns(30, 20, 0.4, 3), 30, 20), options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

/// The model's options and numbers, and its tensors in order, the one of this name replaced.
Model Rebuilt(const Model& model, const std::string& name = "", const std::vector<float>& packed = {}) {
  Model rebuilt;
  rebuilt.options = model.options;
  rebuilt.mean = model.mean;
  for (const TensorRule& tensor : Tensors()) {
    Unpack(tensor, tensor.name == name ? packed : Packed(model, tensor), rebuilt);
  }
  return rebuilt;
}

struct Variant {
  std::string name;
  SolverKind solver;
  bool preference;
};

class TensorsOf : public testing::TestWithParam<Variant> {};

TEST_P(TensorsOf, AreTheModelWhenTheyAreUnpacked) {
  const Model model = Trained(GetParam().solver, GetParam().preference);
  const Model rebuilt = Rebuilt(model);
  for (const TensorRule& tensor : Tensors()) {
    EXPECT_EQ(Packed(rebuilt, tensor), Packed(model, tensor)) << tensor.name;
    if (tensor.IsMatrix() && MatrixOf(model, tensor).size() > 0) {
      EXPECT_EQ(MatrixOf(rebuilt, tensor), MatrixOf(model, tensor)) << tensor.name;
    } else if (tensor.IsMatrix()) {
      EXPECT_EQ(MatrixOf(rebuilt, tensor).rows(), 0) << tensor.name;
    } else if (tensor.columns != TensorColumns::kPrior) {
      EXPECT_EQ(NumbersOf(rebuilt, tensor), NumbersOf(model, tensor)) << tensor.name;
    }
  }
}

TEST_P(TensorsOf, OfAnotherLengthAreRefusedByName) {
  const Model model = Trained(GetParam().solver, GetParam().preference);
  for (const TensorRule& tensor : Tensors()) {
    const std::string name(tensor.name);
    if (tensor.presence == TensorPresence::kState || name.ends_with("Factors")) continue;
    std::vector<float> packed = Packed(model, tensor);
    packed.push_back(1.0F);
    if (tensor.columns == TensorColumns::kPrior) continue;
    test::ExpectError<std::invalid_argument>([&] { Rebuilt(model, name, packed); }, {name.c_str()});
    if (packed.size() < 2) continue;
    packed.resize(packed.size() - 2);
    test::ExpectError<std::invalid_argument>([&] { Rebuilt(model, name, packed); }, {name.c_str()});
  }
}

TEST_P(TensorsOf, WithANumberThatIsNotFiniteAreRefusedByName) {
  const Model model = Trained(GetParam().solver, GetParam().preference);
  for (const TensorRule& tensor : Tensors()) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      std::vector<float> packed = Packed(model, tensor);
      if (packed.empty()) continue;
      packed[packed.size() / 2] = bad;
      const std::string name(tensor.name);
      test::ExpectError<std::invalid_argument>([&] { Rebuilt(model, name, packed); }, {name.c_str()});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, TensorsOf,
                         testing::Values(Variant{"variational", SolverKind::kVariational, true},
                                         Variant{"variationalWithoutPreference", SolverKind::kVariational, false},
                                         Variant{"als", SolverKind::kAls, true},
                                         Variant{"bias", SolverKind::kBias, false}),
                         [](const auto& info) { return info.param.name; });

// What folding in divides by, or takes a root of.
TEST(Tensors, VariancesAndNoiseMustBePositive) {
  const Model model = Trained(SolverKind::kVariational, true);
  for (const char* name : {"userVariances", "itemVariances", "posteriorUserNoise"}) {
    std::vector<float> packed = Packed(model, *FindTensor(name));
    packed[3] = 0.0F;
    test::ExpectError<std::invalid_argument>([&] { Rebuilt(model, name, packed); }, {name});
  }
}

TEST(Tensors, RowPriorsAndPreferenceTermsMustBePossible) {
  const Model model = Trained(SolverKind::kVariational, true);
  std::vector<float> priors = Packed(model, *FindTensor("rowPriors"));
  for (const std::size_t at : {0U, 1U, 6U}) {  // the noise, the first precision of the users and the last
    std::vector<float> packed = priors;
    packed[at] = -1.0F;
    test::ExpectError<std::invalid_argument>([&] { Rebuilt(model, "rowPriors", packed); }, {"rowPriors"});
  }
  const std::vector<float> terms = Packed(model, *FindTensor("preferenceTerms"));
  for (const std::size_t at : {0U, 1U, 3U}) {  // confidence, regularization, deviation
    std::vector<float> packed = terms;
    packed[at] = at == 3 ? 0.0F : -1.0F;
    test::ExpectError<std::invalid_argument>([&] { Rebuilt(model, "preferenceTerms", packed); }, {"preferenceTerms"});
  }
}

}  // namespace
}  // namespace matfac
