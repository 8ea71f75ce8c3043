#include "promql_not_yet.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "corpus.h"

namespace narthex::conformance {

engine::EngineOptions ScriptOptions() {
  engine::EngineOptions options;
  options.samples_max = 10000;
  options.timeout = std::chrono::seconds(100);
  options.delays_name_removal = true;
  options.parse.allows_experimental_functions = true;
  options.parse.allows_extended_range_selectors = true;
  options.parse.allows_fill_modifiers = true;
  return options;
}

std::map<std::string, std::string> ReadNotYet() {
  std::map<std::string, std::string> out;
  std::ifstream file(std::filesystem::path(NARTHEX_SOURCE_DIR) /
                     "tests/conformance/promql_not_yet.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t blank = std::min(line.find(' '), line.size());
    out[line.substr(0, blank)] = line.substr(std::min(blank + 1, line.size()));
  }
  return out;
}

void ExpectListed(const std::string& place, const std::string& query, const std::string& failure) {
  static const auto kNotYet = ReadNotYet();
  if (failure.empty()) {
    EXPECT_FALSE(kNotYet.contains(place)) << place << " passes and must leave the list";
  } else {
    EXPECT_TRUE(kNotYet.contains(place)) << place << " " << query << "\n  " << failure;
  }
}

}  // namespace narthex::conformance
