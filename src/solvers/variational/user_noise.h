#pragma once

#include <span>
#include <vector>

#include "base/index.h"
#include "data/ratings.h"

namespace matfac {

/// The noise precision of each user's ratings about r̂, t_n ~ Gamma(α, rate β), with Gamma posteriors given the expected
/// squared errors E_n of the user's c_n ratings,
///   q(t_n) = Gamma(α + c_n / 2, rate β + E_n / 2)
/// and α and β that fit them best (Minka 2002, "Estimating a Gamma distribution").
class UserNoise {
 public:
  /// Starts with this precision for every user.
  UserNoise(const RatingsSide& users, float precision);

  void Learn(std::span<const double> squared_errors);
  /// E t_n
  float Precision(Index user) const { return precision_[user]; }
  /// E t of a user without ratings.
  float CommonPrecision() const { return gamma_[0] / gamma_[1]; }
  /// −E log p(ratings | t) + KL(q(t) ‖ p(t)), summed over the users, given these errors.
  double FreeEnergy(std::span<const double> squared_errors) const;
  /// Appends all that the next epoch needs of this one.
  void AddTo(std::vector<std::span<float>>& state);

 private:
  struct Posterior {
    double shape;
    double rate;
    double log_precision;  // E log t
  };
  Posterior PosteriorOf(Index user, double squared_errors) const;

  const RatingsSide& users_;
  std::vector<float> gamma_;  // α, β
  std::vector<float> precision_;
  // Of the last Learn: α and β before it, and the errors.
  std::vector<float> gamma_before_;
  std::vector<float> errors_before_;
};

}  // namespace matfac
