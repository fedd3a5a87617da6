#pragma once

#include <cstdint>
#include <string_view>

namespace matfac {

enum class SolverKind : std::uint8_t { kAls, kSgd, kGradientDescent };

/// What to learn.
struct ModelOptions {
  SolverKind solver = SolverKind::kAls;
  /// F, the length of each user's and each item's vector; 1 to 1,024.
  int factors = 0;
  /// λ ≥ 0 of the solver's objective; als needs λ > 0.
  double regularization = 0.0;
  /// r̂ = mean + user bias + item bias + u·v instead of u·v.
  bool biases = false;
  /// Each factor starts normal with standard deviation initial_scale / √F, so that ‖u‖ starts near initial_scale.
  double initial_scale = 0.0;
};

/// How to learn it.
struct TrainingOptions {
  /// Passes over the ratings; 1 to 1,000,000.
  int epochs = 0;
  /// η > 0 of the gradient solvers in the first epoch; als ignores it.
  double learning_rate = 0.0;
  /// η is multiplied by this after each epoch; above 0, at most 1.
  double learning_rate_decay = 1.0;
  std::uint64_t seed = 1;
  /// Stop after so many epochs without a better validation RMSE, and keep the best; 0: never.
  int patience = 0;
};

struct Options {
  ModelOptions model;
  TrainingOptions training;
};

/// The solver's defaults: strong on MovieLens as they are; gradient-descent and sgd without biases or regularization.
Options DefaultOptions(SolverKind solver);

/// Throws std::invalid_argument that names the option as JavaScript spells it, the value and what is allowed.
void Validate(const Options& options);

/// "als", "sgd", "gradient-descent".
std::string_view SolverName(SolverKind solver);
/// The reverse; throws std::invalid_argument for any other name.
SolverKind SolverFromName(std::string_view name);

}  // namespace matfac
