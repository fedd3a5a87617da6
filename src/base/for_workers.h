#pragma once

#include <memory>
#include <vector>

namespace matfac {

/// One object for each worker, such as its scratch space. It stays where `make` constructs it: nothing copies it.
template <typename T>
class ForWorkers {
 public:
  ForWorkers() = default;
  template <typename Make>
  ForWorkers(int workers, const Make& make) {
    for (int worker = 0; worker < workers; ++worker) all_.emplace_back(new T(make()));
  }

  T& operator[](int worker) const { return *all_[worker]; }

 private:
  std::vector<std::unique_ptr<T>> all_;
};

}  // namespace matfac
