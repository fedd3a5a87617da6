#include "ranking/ranking.h"

namespace matfac {

void TopN::Offer(Index index, float score) {
  if (n_ == 0) return;
  const Entry entry{score, index};
  if (heap_.size() == n_) {
    if (!Better(entry, heap_.front())) return;
    MoveWorstToEnd();
    heap_.back() = entry;
  } else {
    heap_.push_back(entry);
  }
  std::ranges::push_heap(heap_, Better);
}

Ranking TopN::Take() {
  Ranking ranking{.indices = std::vector<Index>(heap_.size()), .scores = std::vector<float>(heap_.size())};
  while (!heap_.empty()) {
    MoveWorstToEnd();
    const Entry worst = heap_.back();
    heap_.pop_back();
    ranking.indices[heap_.size()] = worst.index;
    ranking.scores[heap_.size()] = worst.score;
  }
  return ranking;
}

void TopN::MoveWorstToEnd() { std::ranges::pop_heap(heap_, Better); }

}  // namespace matfac
