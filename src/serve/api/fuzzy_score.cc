#include "fuzzy_score.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace narthex::api {
namespace {

using Characters = std::vector<std::uint32_t>;

std::size_t CharacterSize(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// One number for each character. Names and values of labels are UTF-8; the bytes of a character
// need only tell it from others, so they are not decoded.
Characters CharactersOf(std::string_view text) {
  Characters characters;
  characters.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size =
        std::min(CharacterSize(static_cast<unsigned char>(text.front())), text.size());
    std::uint32_t character = 0;
    for (const char byte : text.substr(0, size))
      character = character << 8 | static_cast<unsigned char>(byte);
    characters.push_back(character);
    text.remove_prefix(size);
  }
  return characters;
}

// The runs of neighbours that a pattern falls into when each character is taken at its next place.
class GreedyMatch {
 public:
  GreedyMatch(const Characters& pattern, const Characters& text) : pattern_(pattern), text_(text) {}

  // The raw score of a match whose first character is at `start`; empty if there is none.
  std::optional<double> From(std::size_t start) const {
    const auto length = static_cast<double>(text_.size());
    double score = 0;
    std::size_t place = start;
    std::size_t behind = 0;  // the place behind the last run
    for (std::size_t done = 0; done < pattern_.size();) {
      while (place < text_.size() && text_[place] != pattern_[done]) ++place;
      if (place == text_.size()) return std::nullopt;
      score -= static_cast<double>(place - behind) / length;
      const std::size_t first = place;
      while (place < text_.size() && done < pattern_.size() && text_[place] == pattern_[done]) {
        ++place;
        ++done;
      }
      const auto run = static_cast<double>(place - first);
      score += run * run;
      behind = place;
    }
    // What follows weighs half of what lies before and between.
    return score - static_cast<double>(text_.size() - behind) / length / 2;
  }

 private:
  const Characters& pattern_;
  const Characters& text_;
};

// Below 1, so that only what is equal has the full score.
constexpr double kInexactScale = 0.999;

struct JaroMatches {
  double count = 0;
  double transposition_count = 0;
};

// `one` is not longer than `other`.
JaroMatches FindMatches(const Characters& one, const Characters& other) {
  const std::size_t half = other.size() / 2;
  const std::size_t distance = half > 0 ? half - 1 : 0;
  std::vector<bool> is_taken(other.size());
  Characters of_one;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const std::size_t end = std::min(i + distance + 1, other.size());
    for (std::size_t j = i > distance ? i - distance : 0; j < end; ++j) {
      if (is_taken[j] || one[i] != other[j]) continue;
      is_taken[j] = true;
      of_one.push_back(one[i]);
      break;
    }
  }
  JaroMatches matches{.count = static_cast<double>(of_one.size())};
  std::size_t next = 0;
  for (std::size_t j = 0; j < other.size(); ++j) {
    if (is_taken[j] && of_one[next++] != other[j]) matches.transposition_count += 1;
  }
  return matches;
}

}  // namespace

double SubsequenceScore(std::string_view pattern, std::string_view text) {
  if (pattern.empty() || pattern == text) return 1;
  const Characters sought = CharactersOf(pattern);
  const Characters given = CharactersOf(text);
  if (sought.size() > given.size()) return 0;
  const GreedyMatch match(sought, given);
  double best = 0;
  for (std::size_t start = 0; start + sought.size() <= given.size(); ++start) {
    if (given[start] != sought.front()) continue;
    const std::optional<double> score = match.From(start);
    // What is not found from here is not found from a later place either.
    if (!score) break;
    best = std::max(best, *score);
  }
  const auto length = static_cast<double>(sought.size());
  return best / (length * length) * kInexactScale;
}

double JaroWinklerSimilarity(std::string_view one, std::string_view other) {
  if (one == other) return 1;
  Characters shorter = CharactersOf(one);
  Characters longer = CharactersOf(other);
  if (shorter.size() > longer.size()) std::swap(shorter, longer);
  if (shorter.empty()) return 0;
  const JaroMatches matches = FindMatches(shorter, longer);
  if (matches.count == 0) return 0;
  const double jaro = (matches.count / static_cast<double>(shorter.size()) +
                       matches.count / static_cast<double>(longer.size()) +
                       (matches.count - matches.transposition_count / 2) / matches.count) /
                      3;
  const std::size_t prefix_max = std::min<std::size_t>(4, shorter.size());
  std::size_t prefix = 0;
  while (prefix < prefix_max && shorter[prefix] == longer[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

std::optional<double> SubstringScore(std::string_view part, std::string_view text) {
  const std::size_t at = text.find(part);
  if (at == std::string_view::npos) return std::nullopt;
  if (at == 0) return 1.0;
  const auto position = static_cast<double>(CharactersOf(text.substr(0, at)).size());
  const auto last = static_cast<double>(CharactersOf(text).size() - CharactersOf(part).size());
  return 1 - 0.9 * position / last;
}

}  // namespace narthex::api
