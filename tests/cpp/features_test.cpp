#include "data/features.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "model/options.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

Features Rows(std::vector<Offset> offsets, std::vector<Index> columns, std::vector<float> values) {
  return {"itemFeatures", std::move(offsets), std::move(columns), std::move(values), 3};
}

TEST(Features, HasTheRowsItIsGiven) {
  const Features features = Rows({0, 2, 2, 3}, {0, 2, 1}, {1.0F, -0.5F, 2.0F});
  EXPECT_FALSE(features.IsEmpty());
  EXPECT_EQ(features.RowCount(), 3);
  EXPECT_EQ(features.ColumnCount(), 3);
  const FeaturesRow row = features.Row(0);
  EXPECT_EQ(std::vector<Index>(row.columns.begin(), row.columns.end()), (std::vector<Index>{0, 2}));
  EXPECT_EQ(std::vector<float>(row.values.begin(), row.values.end()), (std::vector<float>{1.0F, -0.5F}));
  EXPECT_TRUE(features.Row(1).columns.empty());
  EXPECT_EQ(features.Row(2).columns[0], 1);
}

TEST(Features, IsEmptyWithoutColumns) {
  EXPECT_TRUE(Features().IsEmpty());
  EXPECT_EQ(Features().RowCount(), 0);
  EXPECT_TRUE(SideFeatures().IsEmpty());
}

TEST(Features, NamesWhatDoesNotFit) {
  const auto error = [](auto make, const char* what, const char* is) {
    test::ExpectError<std::invalid_argument>(make, {"itemFeatures must have ", what, is});
  };
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  error([] { Rows({0, 1}, {3}, {1.0F}); }, "columns from 0 to 2", "one is 3");
  error([] { Rows({0, 1}, {-1}, {1.0F}); }, "columns from 0 to 2", "one is -1");
  error([] { Rows({0, 2}, {1, 1}, {1.0F, 1.0F}); }, "ascending order", "1 follows 1");
  error([] { Rows({0, 1}, {1}, {kNan}); }, "finite values", "one is NaN");
  for (const auto& offsets : std::vector<std::vector<Offset>>{{}, {0, 2}, {1, 1}, {0, 2, 1}}) {
    error([&] { Rows(offsets, {0}, {1.0F}); }, "offsets that rise from 0", "");
  }
  error([] { Rows({0, 1}, {0}, {}); }, "offsets that rise from 0", "");
  error([] { CheckFeatures("itemFeatures", {.columns = std::vector<Index>{0}, .values = {}}, 3); },
        "as many columns as values", "there are 1 and 0");
}

TEST(Trainer, TakesFeaturesOfItsRowsForSolversThatReadThem) {
  const auto ratings = test::Freeze({.users = {0, 1}, .items = {0, 0}, .values = {1.0F, 2.0F}}, 2, 1);
  const auto train = [&](SolverKind solver) {
    auto features = std::make_shared<SideFeatures>();
    features->items = Rows({0, 1, 1}, {0}, {1.0F});
    Trainer(ratings, DefaultOptions(solver), {}, std::nullopt, std::move(features));
  };
  test::ExpectError<std::invalid_argument>(
      [&] { train(SolverKind::kSgd); },
      {"itemFeatures must be left out with the solver 'sgd'; the solvers that read features are 'variational', 'als'"});
  test::ExpectError<std::invalid_argument>([&] { train(SolverKind::kAls); },
                                           {"itemFeatures must have 1 rows; it has 2"});
}

}  // namespace
}  // namespace matfac
