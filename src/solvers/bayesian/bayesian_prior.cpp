#include "solvers/bayesian/bayesian_prior.h"

#include <cmath>

namespace matfac {
namespace {

struct Moments {
  double sum = 0.0;
  double squares = 0.0;

  void Add(double x) {
    sum += x;
    squares += x * x;
  }
};

void DrawNormal(const Moments& moments, double count, double scale, Random& random, float& mean, float& precision) {
  const double rate = kPriorRate * scale * scale + 0.5 * (moments.squares - moments.sum * moments.sum / (count + 1.0));
  const double drawn = random.Gamma(1.0 + 0.5 * count) / rate;
  precision = static_cast<float>(drawn);
  mean = static_cast<float>(moments.sum / (count + 1.0) + random.Normal() / std::sqrt(drawn * (count + 1.0)));
}

}  // namespace

void DrawPrior(const BayesianRows& rows, int factors, const PriorScale& scale, Random random, NormalPrior& prior) {
  const auto count = static_cast<Index>(rows.factors.rows());
  std::vector<Moments> moments(factors);
  Moments bias_moments;
  for (Index row = 0; row < count; ++row) {
    const float* x = RowOf(rows.factors, row);
    for (int f = 0; f < factors; ++f) moments[f].Add(x[f]);
  }
  for (const float bias : rows.bias) bias_moments.Add(bias);
  for (int f = 0; f < factors; ++f) {
    DrawNormal(moments[f], count, scale.factors, random, prior.mean[f], prior.precision[f]);
  }
  if (!rows.bias.empty()) {
    DrawNormal(bias_moments, count, scale.bias, random, prior.bias_mean, prior.bias_precision);
  }
}

}  // namespace matfac
