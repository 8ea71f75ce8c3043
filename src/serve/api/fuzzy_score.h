// How well a text answers a search term.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narthex::api {

// All scores are in [0, 1]; lengths and positions count characters. Case counts.

// Whether the characters of `pattern` stand in `text` in that order: 1 if the two are equal, 0 if
// not; between, runs of neighbours count for it and gaps against it. Takes the best of all places
// where the first character fits, from there each character at its next place.
// Conformance: strutil/subsequence_score.json.
double SubsequenceScore(std::string_view pattern, std::string_view text);

// Source: Winkler (1990), prefix scale 0.1 over at most four characters.
// Conformance: strutil/jaro_winkler.json.
double JaroWinklerSimilarity(std::string_view one, std::string_view other);

// Empty if `part` is nowhere in `text`; 1 at its beginning, falling to 0.1 at its end.
std::optional<double> SubstringScore(std::string_view part, std::string_view text);

}  // namespace narthex::api
