/// The native side of a comparison, driven line by line on standard input:
///   start FILE SOLVER FACTORS THREADS BIASES REGULARIZATION LEARNING_RATE   reads the ratings, makes a trainer:
///   "ready" epoch                                                                   one epoch: its seconds
/// FILE holds three int32 (users, items, ratings), then the columns: int32 users, int32 items, float32 values.
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/split.h"
#include "training/trainer.h"

namespace {

using namespace matfac;

template <typename T>
void Read(std::ifstream& file, std::vector<T>& column) {
  file.read(reinterpret_cast<char*>(column.data()), static_cast<std::streamsize>(column.size() * sizeof(T)));
}

std::shared_ptr<const Ratings> ReadRatings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<Index> head(3);
  Read(file, head);
  RatingColumns columns{.users = std::vector<Index>(head[2]),
                        .items = std::vector<Index>(head[2]),
                        .values = std::vector<float>(head[2])};
  Read(file, columns.users);
  Read(file, columns.items);
  Read(file, columns.values);
  if (!file) throw std::runtime_error("cannot read " + path);
  return std::make_shared<const Ratings>(Ratings::FromTriplets(columns.View(), head[0], head[1]));
}

std::unique_ptr<Trainer> Start(std::istream& in) {
  std::string path;
  std::string solver;
  in >> path >> solver;
  Options options = DefaultOptions(SolverFromName(solver));
  double rate = 0.0;
  in >> options.model.factors >> options.training.threads >> options.model.biases >> options.model.regularization >>
      rate;
  if (rate > 0.0) options.training.learning_rate = rate;
  // The solver alone: the preference layer is the same work beside every one of them, and is not spread over epochs.
  if (options.model.solver != SolverKind::kVariational) options.model.preference = false;
  options.training.epochs = 1'000'000;
  return std::make_unique<Trainer>(ReadRatings(path), options);
}

}  // namespace

int main() {
  try {
    std::unique_ptr<Trainer> trainer;
    for (std::string command; std::cin >> command;) {
      if (command == "start") {
        trainer = Start(std::cin);
        std::cout << "ready" << std::endl;
      } else if (command == "epoch" && trainer) {
        std::cout << trainer->Step().seconds << std::endl;
      } else {
        throw std::invalid_argument("unknown command " + command);
      }
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
