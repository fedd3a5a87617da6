#include "ranking/ranking.h"

namespace matfac {

void TopN::Offer(Index index, float score) {
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

Ranking TopN::Take() {
  std::ranges::sort_heap(heap_, Better);
  Ranking ranking;
  for (const Entry& entry : heap_) {
    ranking.indices.push_back(entry.index);
    ranking.scores.push_back(entry.score);
  }
  heap_.clear();
  return ranking;
}

}  // namespace matfac
