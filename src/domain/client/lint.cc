#include "client/lint.h"

#include <algorithm>
#include <string_view>

namespace narthex::client {
namespace {

bool HasUpperCase(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// The words between underscores.
std::vector<std::string_view> Words(std::string_view name) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t place = name.find('_');
    words.push_back(name.substr(0, place));
    if (place == std::string_view::npos) return words;
    name.remove_prefix(place + 1);
  }
}

struct Unit {
  std::string_view word;
  std::string_view base;
};
constexpr Unit kUnits[] = {
    {"milliseconds", "seconds"},
    {"microseconds", "seconds"},
    {"nanoseconds", "seconds"},
    {"minutes", "seconds"},
    {"hours", "seconds"},
    {"days", "seconds"},
    {"ms", "seconds"},
    {"us", "seconds"},
    {"ns", "seconds"},
    {"kilobytes", "bytes"},
    {"megabytes", "bytes"},
    {"gigabytes", "bytes"},
    {"kib", "bytes"},
    {"mib", "bytes"},
    {"gib", "bytes"},
    {"bits", "bytes"},
    {"percent", "ratio"},
    {"fahrenheit", "celsius"},
    {"kilometers", "meters"},
    {"millivolts", "volts"},
    {"kilograms", "grams"},
};

void CheckSuffixes(const FamilyOptions& options, FamilyType type,
                   std::vector<std::string>& problems) {
  const std::string_view name = options.name;
  const bool is_counter = type == FamilyType::kCounter;
  if (is_counter && !name.ends_with("_total")) {
    problems.emplace_back("a counter ends in _total");
  }
  if (!is_counter && name.ends_with("_total")) {
    problems.emplace_back("only a counter ends in _total");
  }
  const bool has_parts = type == FamilyType::kHistogram || type == FamilyType::kSummary;
  for (const std::string_view suffix : {"_count", "_sum", "_bucket"}) {
    if (!has_parts && name.ends_with(suffix)) {
      problems.push_back("only parts of histograms and summaries end in " + std::string(suffix));
    }
  }
}

void CheckWords(const FamilyOptions& options, std::vector<std::string>& problems) {
  for (const std::string_view word : Words(options.name)) {
    for (const std::string_view type : {"counter", "gauge", "histogram", "summary"}) {
      if (word == type)
        problems.push_back("the type does not belong in the name: " + std::string(word));
    }
    const auto* const unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                          [word](const Unit& u) { return u.word == word; });
    if (unit != std::end(kUnits)) {
      problems.push_back("use the base unit " + std::string(unit->base) + " in place of " +
                         std::string(word));
    }
  }
}

}  // namespace

std::vector<std::string> Lint(const FamilyOptions& options, FamilyType type) {
  std::vector<std::string> problems;
  CheckSuffixes(options, type, problems);
  CheckWords(options, problems);
  if (HasUpperCase(options.name)) problems.emplace_back("names are in snake_case");
  if (options.name.find(':') != std::string::npos) {
    problems.emplace_back("colons are for recording rules");
  }
  for (const std::string& label : options.label_names) {
    if (HasUpperCase(label)) problems.push_back("label names are in snake_case: " + label);
  }
  if (!options.unit.empty()) {
    std::string_view name = options.name;
    if (name.ends_with("_total")) name.remove_suffix(6);
    if (!name.ends_with("_" + options.unit)) {
      problems.push_back("the unit " + options.unit + " is the end of the name");
    }
  }
  return problems;
}

}  // namespace narthex::client
