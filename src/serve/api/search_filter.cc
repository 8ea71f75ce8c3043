#include "search_filter.h"

#include <algorithm>

#include "fuzzy_score.h"

namespace narthex::api {
namespace {

std::string Folded(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

SearchFilter::Options Prepared(SearchFilter::Options options) {
  std::erase(options.terms, "");
  if (!options.is_case_sensitive) {
    for (std::string& term : options.terms) term = Folded(term);
  }
  return options;
}

}  // namespace

SearchFilter::SearchFilter(Options options) : options_(Prepared(std::move(options))) {}

std::optional<double> SearchFilter::ScoreOfTerm(const std::string& term,
                                                std::string_view text) const {
  if (options_.algorithm == FuzzyAlgorithm::kSubsequence) {
    if (text.starts_with(term)) return 1.0;
    const double score = SubsequenceScore(term, text);
    if (score > 0 && score >= options_.threshold) return score;
    return std::nullopt;
  }
  if (const std::optional<double> score = SubstringScore(term, text)) return score;
  // Anything is a little like anything: without a threshold nothing would be left out.
  if (options_.threshold <= 0) return std::nullopt;
  const double score = JaroWinklerSimilarity(term, text);
  if (score >= options_.threshold) return score;
  return std::nullopt;
}

std::optional<double> SearchFilter::Score(std::string_view text) const {
  if (options_.terms.empty()) return 1.0;
  std::string folded;
  if (!options_.is_case_sensitive) {
    folded = Folded(text);
    text = folded;
  }
  std::optional<double> best;
  for (const std::string& term : options_.terms) {
    const std::optional<double> score = ScoreOfTerm(term, text);
    if (score && (!best || *score > *best)) best = score;
  }
  return best;
}

}  // namespace narthex::api
