#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/exp_kernel.h"
#include "solvers/bpr_visit.h"
#include "support.h"

namespace matfac {
namespace {

constexpr float kRate = 0.05F;
constexpr float kKeep = 0.999F;

struct Rows {
  std::vector<float> users;
  std::vector<float> items;
  std::vector<float> biases;
  int stride;
  std::vector<float> user_means = {};
  std::vector<float> item_means = {};

  BprRows View() {
    return {.users = users.data(),
            .items = items.data(),
            .biases = biases.empty() ? nullptr : biases.data(),
            .stride = stride,
            .user_means = user_means.empty() ? nullptr : user_means.data(),
            .item_means = item_means.empty() ? nullptr : item_means.data()};
  }
};

/// The formula in double precision, one sample at a time; returns −ln σ(d).
double VisitPlainly(const BprSample& sample, Rows& rows) {
  float* const u = &rows.users[sample.user * rows.stride];
  float* const v = &rows.items[sample.item * rows.stride];
  float* const w = &rows.items[sample.other * rows.stride];
  double difference = 0.0;
  for (int f = 0; f < rows.stride; ++f) difference += static_cast<double>(u[f]) * (static_cast<double>(v[f]) - w[f]);
  if (!rows.biases.empty()) difference += static_cast<double>(rows.biases[sample.item]) - rows.biases[sample.other];
  const double step = kRate / (1.0 + std::exp(difference));
  for (int f = 0; f < rows.stride; ++f) {
    const double old_u = u[f];
    u[f] = static_cast<float>(kKeep * old_u + step * (static_cast<double>(v[f]) - w[f]));
    v[f] = static_cast<float>(kKeep * static_cast<double>(v[f]) + step * old_u);
    w[f] = static_cast<float>(kKeep * static_cast<double>(w[f]) - step * old_u);
  }
  if (!rows.biases.empty()) {
    rows.biases[sample.item] = static_cast<float>(kKeep * static_cast<double>(rows.biases[sample.item]) + step);
    rows.biases[sample.other] = static_cast<float>(kKeep * static_cast<double>(rows.biases[sample.other]) - step);
  }
  return std::log1p(std::exp(-difference));
}

std::vector<BprSample> RandomSamples(int count, Index users, Index items) {
  std::mt19937 engine(6);
  std::vector<BprSample> samples;
  while (std::ssize(samples) < count) {
    const BprSample sample{.user = static_cast<Index>(test::Draw(engine) * users),
                           .item = static_cast<Index>(test::Draw(engine) * items),
                           .other = static_cast<Index>(test::Draw(engine) * items)};
    if (sample.item != sample.other) samples.push_back(sample);
  }
  return samples;
}

/// Stride, rows of each side, biases.
class BprVisits : public testing::TestWithParam<std::tuple<int, int, bool>> {
 protected:
  const int stride_ = std::get<0>(GetParam());
  const Index count_ = std::get<1>(GetParam());
  const Rows rows_{.users = test::RandomFloats(count_ * stride_, 1),
                   .items = test::RandomFloats(count_ * stride_, 2),
                   .biases = std::get<2>(GetParam()) ? test::RandomFloats(count_, 3) : std::vector<float>(),
                   .stride = stride_};
  const std::vector<BprSample> samples_ = RandomSamples(203, count_, count_);
};

TEST_P(BprVisits, HaveTheBitsOfOneSampleAfterTheOther) {
  Rows together = rows_;
  Rows one_by_one = rows_;
  BprLoss loss;
  VisitSamples(samples_, together.View(), kRate, kKeep, loss);
  for (const BprSample& sample : samples_) VisitSamples({&sample, 1}, one_by_one.View(), kRate, kKeep, loss);
  EXPECT_EQ(together.users, one_by_one.users);
  EXPECT_EQ(together.items, one_by_one.items);
  EXPECT_EQ(together.biases, one_by_one.biases);
}

TEST_P(BprVisits, FollowTheFormula) {
  Rows rows = rows_;
  Rows expected = rows_;
  BprLoss loss;
  VisitSamples(samples_, rows.View(), kRate, kKeep, loss);
  double expected_loss = 0.0;
  for (const BprSample& sample : samples_) expected_loss += VisitPlainly(sample, expected);
  for (std::size_t n = 0; n < rows.users.size(); ++n) ASSERT_NEAR(rows.users[n], expected.users[n], 1e-4);
  for (std::size_t n = 0; n < rows.items.size(); ++n) ASSERT_NEAR(rows.items[n], expected.items[n], 1e-4);
  for (std::size_t n = 0; n < rows.biases.size(); ++n) ASSERT_NEAR(rows.biases[n], expected.biases[n], 1e-4);
  EXPECT_NEAR(loss.Sum(), expected_loss, 1e-4 * expected_loss);
}

// Few rows are shared by most fours of samples; many by few.
INSTANTIATE_TEST_SUITE_P(Strides, BprVisits,
                         testing::Combine(testing::Values(4, 8, 12, 64), testing::Values(3, 12, 500), testing::Bool()));

TEST(BprLoss, IsTheSumOfLogarithmsNearAndFar) {
  for (const double difference : {-3e5, -500.0, -100.0, -87.5, -80.0, -20.0, -1.0, 0.0, 1.0, 20.0, 86.0, 100.0, 3e5}) {
    BprLoss loss;
    const auto d = static_cast<float>(difference);
    const float g = loss.Add(d);
    EXPECT_NEAR(g, 1.0 / (1.0 + std::exp(difference)), 1e-6) << difference;
    const kernels::Float4 four = loss.Add(kernels::Float4{d, 1.0F, d, 0.0F});
    EXPECT_EQ(four[0], g);
    EXPECT_EQ(four[2], g);
    const double each = difference < -50.0 ? -difference : std::log1p(std::exp(-difference));
    EXPECT_NEAR(loss.Sum(), 3.0 * each + std::log1p(std::exp(-1.0)) + std::log(2.0), 1e-6 * (1.0 + each));
  }
}

TEST(BprLoss, OfNaNIsNaN) {
  BprLoss loss;
  EXPECT_TRUE(std::isnan(loss.Add(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_TRUE(std::isnan(loss.Sum()));
}

/// A step about the prior means is that about 0, and (1 − keep) m.
TEST(VisitSamples, RowsDecayTowardsTheirPriorMeans) {
  const BprSample sample{.user = 1, .item = 0, .other = 2};
  constexpr int kStride = 8;
  constexpr int kWidth = kStride + 4;
  for (const bool of_items : {false, true}) {
    Rows rows{.users = test::RandomFloats(2 * kStride, 1),
              .items = test::RandomFloats(3 * kStride, 2),
              .biases = test::RandomFloats(3, 3),
              .stride = kStride};
    Rows expected = rows;
    VisitPlainly(sample, expected);
    const double pull = 1.0 - static_cast<double>(kKeep);
    if (of_items) {
      rows.item_means = test::RandomFloats(3 * kWidth, 4);
      for (const Index item : {sample.item, sample.other}) {
        for (int f = 0; f < kStride; ++f) {
          expected.items[item * kStride + f] += static_cast<float>(pull * rows.item_means[item * kWidth + f]);
        }
        expected.biases[item] += static_cast<float>(pull * rows.item_means[item * kWidth + kStride]);
      }
    } else {
      rows.user_means = test::RandomFloats(2 * kWidth, 5);
      for (int f = 0; f < kStride; ++f) {
        expected.users[kStride + f] += static_cast<float>(pull * rows.user_means[kWidth + f]);
      }
    }
    BprLoss loss;
    VisitSamples({&sample, 1}, rows.View(), kRate, kKeep, loss);
    for (std::size_t at = 0; at < rows.users.size(); ++at) EXPECT_NEAR(rows.users[at], expected.users[at], 2e-7);
    for (std::size_t at = 0; at < rows.items.size(); ++at) EXPECT_NEAR(rows.items[at], expected.items[at], 2e-7);
    for (std::size_t at = 0; at < rows.biases.size(); ++at) EXPECT_NEAR(rows.biases[at], expected.biases[at], 2e-7);
  }
}

TEST(ExpOfFour, IsExpToFloatPrecision) {
  for (double x = -87.0; x <= 88.0; x += 0.0137) {
    const auto at = static_cast<float>(x);
    EXPECT_NEAR(kernels::Exp(kernels::Splat(at))[0] / std::exp(static_cast<double>(at)), 1.0, 3e-7) << x;
  }
  EXPECT_EQ(kernels::Exp(kernels::Splat(0.0F))[3], 1.0F);
  EXPECT_TRUE(std::isnan(kernels::Exp(kernels::Splat(std::numeric_limits<float>::quiet_NaN()))[1]));
}

}  // namespace
}  // namespace matfac
