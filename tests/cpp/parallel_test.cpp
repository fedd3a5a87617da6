#include "base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/generator.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

TEST(Workers, VisitEachBlockOnce) {
  for (const int threads : {1, 2, 5}) {
    Workers workers(threads);
    EXPECT_EQ(workers.Count(), threads);
    for (const Index blocks : {0, 1, 7, 1000}) {
      std::vector<int> visits(blocks);
      workers.ForEachBlock(blocks, [&](Index block, int worker) {
        ASSERT_LT(worker, threads);
        ++visits[block];
      });
      EXPECT_EQ(visits, std::vector<int>(blocks, 1));
    }
  }
}

TEST(Workers, VisitBlocksInTheOrderThatTheyAskFor) {
  constexpr Index kBlocks = 400;
  constexpr Index kColumns = 5;
  for (const int threads : {1, 2, 5}) {
    Workers workers(threads);
    // Each block adds to what the two before it in its column and in the next one have left.
    std::vector<std::uint64_t> sums(kBlocks);
    const auto left_by = [&](Index block) { return block < 0 ? 1U : sums[block]; };
    workers.ForEachBlockInOrder(
        kBlocks, [](Index block) { return std::max(0, block - kColumns + 2); },
        [&](Index block, int /*worker*/) { sums[block] = left_by(block - kColumns) + left_by(block - kColumns + 1); });
    std::vector<std::uint64_t> expected;
    for (Index block = 0; block < kBlocks; ++block) {
      const auto before = [&](Index steps) { return block < steps ? 1U : expected[block - steps]; };
      expected.push_back(before(kColumns) + before(kColumns - 1));
    }
    EXPECT_EQ(sums, expected) << threads;
  }
}

TEST(Workers, GoOnAfterABlockThatOthersWaitForThrew) {
  Workers workers(2);
  const auto fail = [](Index block, int /*worker*/) {
    if (block == 3) throw std::runtime_error("three");
  };
  EXPECT_THROW(workers.ForEachBlockInOrder(20, [](Index block) { return block; }, fail), std::runtime_error);
}

TEST(Workers, RethrowWhatTheLowestBlockThrew) {
  Workers workers(3);
  const auto fail = [](Index block, int /*worker*/) {
    if (block >= 10) throw std::runtime_error(std::to_string(block));
  };
  try {
    workers.ForEachBlock(100, fail);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "10");
  }
  int visits = 0;
  workers.ForEachBlock(1, [&](Index, int) { ++visits; });
  EXPECT_EQ(visits, 1) << "they go on working afterwards";
}

TEST(Threads, DoNotChangeTheModel) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = DefaultOptions(SolverKind::kAls);
  options.training.epochs = 2;
  Trainer one(ratings, options);
  options.training.threads = 3;
  Trainer three(ratings, options);
  while (!one.Finished()) {
    one.Step();
    three.Step();
  }
  EXPECT_TRUE(one.Result().user_factors == three.Result().user_factors);
  EXPECT_TRUE(one.Result().item_factors == three.Result().item_factors);
  EXPECT_EQ(one.Result().user_bias, three.Result().user_bias);
  EXPECT_EQ(one.Result().item_bias, three.Result().item_bias);
}

}  // namespace
}  // namespace matfac
