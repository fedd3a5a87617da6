#include "recommend.h"

#include <algorithm>
#include <cmath>

#include "kernels.h"

namespace matfac {
namespace {

/// Keeps the best n of a stream: a heap whose top is the worst kept.
class TopN {
 public:
  explicit TopN(int n) : n_(static_cast<std::size_t>(n)) {}

  void Offer(Index index, float score) {
    if (n_ == 0) return;
    const Entry entry{score, index};
    if (heap_.size() == n_) {
      if (!Better(entry, heap_.front())) return;
      std::ranges::pop_heap(heap_, Better);
      heap_.back() = entry;
    } else {
      heap_.push_back(entry);
    }
    std::ranges::push_heap(heap_, Better);
  }

  Ranking Take() {
    std::ranges::sort_heap(heap_, Better);
    Ranking ranking;
    for (const Entry& entry : heap_) {
      ranking.indices.push_back(entry.index);
      ranking.scores.push_back(entry.score);
    }
    return ranking;
  }

 private:
  struct Entry {
    float score;
    Index index;
  };
  static bool Better(const Entry& a, const Entry& b) {
    return a.score > b.score || (a.score == b.score && a.index < b.index);
  }

  std::size_t n_;
  std::vector<Entry> heap_;
};

/// Which items compete.
std::vector<bool> Candidates(const Model& model, std::span<const Index> excluded,
                             std::optional<std::span<const Index>> included) {
  std::vector<bool> candidates(model.ItemCount(), !included.has_value());
  if (included) {
    for (const Index item : *included) {
      model.CheckItem(item);
      candidates[item] = true;
    }
  }
  for (const Index item : excluded) {
    model.CheckItem(item);
    candidates[item] = false;
  }
  return candidates;
}

}  // namespace

Profile ProfileOf(const Model& model, Index user) {
  model.CheckUser(user);
  const float* row = RowOf(model.user_factors, user);
  return {.factors = std::vector<float>(row, row + model.Stride()), .bias = model.UserBias(user)};
}

Ranking Recommend(const Model& model, const Profile& profile, int n, std::span<const Index> excluded,
                  std::optional<std::span<const Index>> included) {
  const std::vector<bool> candidates = Candidates(model, excluded, included);
  TopN top(n);
  for (Index item = 0; item < model.ItemCount(); ++item) {
    if (candidates[item]) top.Offer(item, static_cast<float>(Score(model, profile, item)));
  }
  return top.Take();
}

Ranking Similar(const FactorMatrix& factors, Index row, int n) {
  const int stride = static_cast<int>(factors.cols());
  const float* centre = RowOf(factors, row);
  const float centre_norm = std::sqrt(kernels::Dot(centre, centre, stride));
  TopN top(n);
  for (Index other = 0; other < factors.rows(); ++other) {
    if (other == row) continue;
    const float* x = RowOf(factors, other);
    const float norms = centre_norm * std::sqrt(kernels::Dot(x, x, stride));
    top.Offer(other, norms > 0.0F ? kernels::Dot(centre, x, stride) / norms : 0.0F);
  }
  return top.Take();
}

}  // namespace matfac
