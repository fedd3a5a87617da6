// recommend RATINGS.csv [USER]: trains on a file of user,item,rating with a header, prints its error on held-out
// ratings, and recommends ten items to a user, by default the first of the file.
#include <matfac/matfac.h>

#include <charconv>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

/// The core knows users and items as 0 … count − 1; names belong to the caller.
class Names {
 public:
  matfac::Index Add(const std::string& name) {
    const auto [place, is_new] = indices_.try_emplace(name, static_cast<matfac::Index>(names_.size()));
    if (is_new) names_.push_back(name);
    return place->second;
  }
  matfac::Index Find(const std::string& name) const {
    const auto place = indices_.find(name);
    if (place == indices_.end()) throw std::invalid_argument("user must be in the file; it is '" + name + "'");
    return place->second;
  }
  const std::string& At(matfac::Index index) const { return names_[static_cast<std::size_t>(index)]; }
  matfac::Index Count() const { return static_cast<matfac::Index>(names_.size()); }

 private:
  std::unordered_map<std::string, matfac::Index> indices_;
  std::vector<std::string> names_;
};

struct File {
  Names users;
  Names items;
  matfac::RatingColumns ratings;
};

File Read(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error(path + " must be a readable file");
  File file;
  std::string line;
  std::getline(stream, line);  // the header
  for (int number = 2; std::getline(stream, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    const std::size_t first = line.find(',');
    const std::size_t second = line.find(',', first + 1);
    const std::string where = "line " + std::to_string(number) + ": ";
    if (second == std::string::npos) throw std::runtime_error(where + "a row must have three fields; it has fewer");
    const std::string text = line.substr(second + 1, line.find(',', second + 1) - second - 1);
    float value = 0.0F;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw std::runtime_error(where + "rating must be a number; it is '" + text + "'");
    }
    file.ratings.users.push_back(file.users.Add(line.substr(0, first)));
    file.ratings.items.push_back(file.items.Add(line.substr(first + 1, second - first - 1)));
    file.ratings.values.push_back(value);
  }
  return file;
}

void Run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw std::invalid_argument("usage: recommend RATINGS.csv [USER]");
  const File file = Read(arguments[0]);
  std::cout << file.ratings.values.size() << " ratings of " << file.items.Count() << " items by " << file.users.Count()
            << " users\n";

  const matfac::SplitRatings parts = matfac::Split(file.ratings.View(), 0.2, /*seed=*/1);
  const auto ratings = std::make_shared<const matfac::Ratings>(
      matfac::Ratings::FromTriplets(parts.train.View(), file.users.Count(), file.items.Count()));
  matfac::Options options = matfac::DefaultOptions(matfac::SolverKind::kAls);
  options.model.factors = 8;
  matfac::Trainer trainer(ratings, options);
  while (!trainer.Finished()) {
    const matfac::EpochReport report = trainer.Step();
    std::cout << "epoch " << report.epoch << " of " << report.epochs << ": loss " << report.loss << '\n';
  }
  const matfac::Model& model = trainer.Result();
  std::cout << "test RMSE " << matfac::Evaluate(model, parts.test.View()).rmse << '\n';

  const matfac::Index user = arguments.size() > 1 ? file.users.Find(arguments[1]) : 0;
  const matfac::Ranking best =
      matfac::Recommend(model, matfac::ProfileOf(model, user), {.n = 10}, ratings->ByUser().Row(user).others);
  std::cout << "for " << file.users.At(user) << ":\n";
  for (std::size_t place = 0; place < best.indices.size(); ++place) {
    std::cout << "  " << file.items.At(best.indices[place]) << ' ' << best.scores[place] << '\n';
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    Run(std::vector<std::string>(arguments + 1, arguments + count));
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
