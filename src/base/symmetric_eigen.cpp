#include "base/symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/errors.h"

namespace matfac {
namespace {

/// QR steps for each eigenvalue; about two are needed.
constexpr int kMostSteps = 50;

/// √(x² + y²) by arithmetic that has the same bits on every machine, which std::hypot does not promise.
double Length(double x, double y) {
  const double larger = std::max(std::abs(x), std::abs(y));
  if (!(larger > 0.0)) return larger;
  const double ratio = std::min(std::abs(x), std::abs(y)) / larger;
  return larger * std::sqrt(1.0 + ratio * ratio);
}

/// The work in place: the matrix, then its diagonal and subdiagonal, and the rows of Qᵀ.
class Decomposition {
 public:
  Decomposition(std::vector<double> matrix, int n)
      : n_(n), a_(std::move(matrix)), q_(a_.size()), diagonal_(n), beside_(n) {
    for (int i = 0; i < n; ++i) {
      q_[At(i, i)] = 1.0;
      for (int j = 0; j < i; ++j) a_[At(j, i)] = a_[At(i, j)];
    }
  }

  SymmetricEigen Run() {
    Tridiagonalize();
    Diagonalize();
    return Sorted();
  }

 private:
  std::size_t At(int i, int j) const { return static_cast<std::size_t>(i) * n_ + j; }

  void Tridiagonalize() {
    for (int k = 0; k + 2 < n_; ++k) Reflect(k);
    for (int i = 0; i < n_; ++i) {
      diagonal_[i] = a_[At(i, i)];
      if (i + 1 < n_) beside_[i] = a_[At(i + 1, i)];
    }
  }

  /// H = I − β v vᵀ leaves column k with nothing below the first entry under the diagonal: A ← H A H, Qᵀ ← H Qᵀ.
  void Reflect(int k) {
    std::vector<double> v(n_);
    double rest = 0.0;
    for (int i = k + 1; i < n_; ++i) {
      v[i] = a_[At(i, k)];
      if (i > k + 1) rest += v[i] * v[i];
    }
    if (rest == 0.0) return;
    v[k + 1] += std::copysign(std::sqrt(rest + v[k + 1] * v[k + 1]), v[k + 1]);
    const double beta = 2.0 / (rest + v[k + 1] * v[k + 1]);
    // A ← A − v wᵀ − w vᵀ with p = β A v and w = p − (β/2 pᵀv) v
    std::vector<double> w(n_);
    double along = 0.0;
    for (int i = k; i < n_; ++i) {
      for (int j = k + 1; j < n_; ++j) w[i] += beta * a_[At(i, j)] * v[j];
      along += w[i] * v[i];
    }
    for (int i = k; i < n_; ++i) w[i] -= 0.5 * beta * along * v[i];
    for (int i = k; i < n_; ++i) {
      for (int j = k; j < n_; ++j) a_[At(i, j)] -= v[i] * w[j] + w[i] * v[j];
    }
    std::vector<double> product(n_);
    for (int i = k + 1; i < n_; ++i) {
      for (int j = 0; j < n_; ++j) product[j] += v[i] * q_[At(i, j)];
    }
    for (int i = k + 1; i < n_; ++i) {
      for (int j = 0; j < n_; ++j) q_[At(i, j)] -= beta * v[i] * product[j];
    }
  }

  void Diagonalize() {
    int end = n_ - 1;
    for (int steps = 0; end > 0;) {
      if (IsSplit(end - 1)) {
        --end;
        steps = 0;
        continue;
      }
      int begin = end - 1;
      while (begin > 0 && !IsSplit(begin - 1)) --begin;
      if (++steps > kMostSteps)
        ThrowInvalid("a matrix must hold finite numbers to have eigenvalues; QR steps do not converge");
      Step(begin, end);
    }
  }

  bool IsSplit(int i) const {
    const double scale = std::abs(diagonal_[i]) + std::abs(diagonal_[i + 1]);
    return std::abs(beside_[i]) <= std::numeric_limits<double>::epsilon() * scale + std::numeric_limits<double>::min();
  }

  /// One QR step of rows begin … end with Wilkinson's shift, the eigenvalue of the last 2 × 2 that is nearer its end.
  void Step(int begin, int end) {
    const double half = 0.5 * (diagonal_[end - 1] - diagonal_[end]);
    const double last = beside_[end - 1];
    const double shift = diagonal_[end] - last * last / (half + std::copysign(Length(half, last), half));
    double x = diagonal_[begin] - shift;
    double z = beside_[begin];
    for (int k = begin; k < end; ++k) {
      const double length = Length(x, z);
      const double c = length > 0.0 ? x / length : 1.0;
      const double s = length > 0.0 ? z / length : 0.0;
      if (k > begin) beside_[k - 1] = length;
      Rotate(k, c, s);
      if (k + 1 == end) break;
      x = beside_[k];
      z = s * beside_[k + 1];
      beside_[k + 1] *= c;
    }
  }

  /// T ← G T Gᵀ and Qᵀ ← G Qᵀ, where G turns rows k and k + 1 by (c, s).
  void Rotate(int k, double c, double s) {
    const double a = diagonal_[k];
    const double b = beside_[k];
    const double d = diagonal_[k + 1];
    diagonal_[k] = c * c * a + 2.0 * c * s * b + s * s * d;
    diagonal_[k + 1] = s * s * a - 2.0 * c * s * b + c * c * d;
    beside_[k] = c * s * (d - a) + (c * c - s * s) * b;
    double* upper = &q_[At(k, 0)];
    double* lower = &q_[At(k + 1, 0)];
    for (int j = 0; j < n_; ++j) {
      const double old = upper[j];
      upper[j] = c * old + s * lower[j];
      lower[j] = c * lower[j] - s * old;
    }
  }

  SymmetricEigen Sorted() const {
    SymmetricEigen sorted;
    std::vector<bool> taken(n_);
    for (int place = 0; place < n_; ++place) {
      int best = -1;
      for (int i = 0; i < n_; ++i) {
        if (!taken[i] && (best < 0 || diagonal_[i] > diagonal_[best])) best = i;
      }
      taken[best] = true;
      sorted.values.push_back(diagonal_[best]);
      const auto row = q_.begin() + static_cast<std::ptrdiff_t>(At(best, 0));
      sorted.vectors.insert(sorted.vectors.end(), row, row + n_);
    }
    return sorted;
  }

  int n_;
  std::vector<double> a_;
  std::vector<double> q_;
  std::vector<double> diagonal_;
  std::vector<double> beside_;
};

}  // namespace

SymmetricEigen EigenOf(std::vector<double> matrix, int n) { return Decomposition(std::move(matrix), n).Run(); }

}  // namespace matfac
