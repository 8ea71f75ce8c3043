// Which names a search takes, and how well they fit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace narthex::api {

enum class FuzzyAlgorithm { kSubsequence, kJaroWinkler };

// Source: spec API-041.
class SearchFilter {
 public:
  struct Options {
    std::vector<std::string> terms;  // one is enough; empty ones are passed over
    FuzzyAlgorithm algorithm = FuzzyAlgorithm::kSubsequence;
    double threshold = 0;  // in [0, 1]; less does not fit
    // Where it is not, letters of ASCII are folded; others are what they are.
    bool is_case_sensitive = true;
  };

  explicit SearchFilter(Options options);

  // In [0, 1]; empty if no term fits. 1 for anything if there is no term.
  std::optional<double> Score(std::string_view text) const;

 private:
  std::optional<double> ScoreOfTerm(const std::string& term, std::string_view text) const;

  const Options options_;
};

}  // namespace narthex::api
