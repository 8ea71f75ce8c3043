// One line of OpenMetrics as a strict reader sees it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "exposition/parser.h"

namespace narthex::exposition {

struct StrictMetadata {
  enum class Word { kHelp, kType, kUnit };
  Word word = Word::kHelp;
  std::string name;
  std::string_view text;
};

struct StrictSample {
  std::string name;
  model::LabelSet labels;     // without the name
  bool is_composite = false;  // a native histogram; then there is no value
  double value = 0;
  std::optional<double> timestamp_seconds;
  std::optional<Exemplar> exemplar;
};

// `line` without its newline, not empty.
// Errors: kInvalidArgument
Result<StrictMetadata> ParseStrictMetadata(std::string_view line);
Result<StrictSample> ParseStrictSample(std::string_view line);

}  // namespace narthex::exposition
