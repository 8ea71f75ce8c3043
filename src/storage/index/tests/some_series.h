// Label sets for tests.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "index/index_file.h"

namespace narthex::index {

inline std::vector<model::LabelSet> SomeSeries() {
  std::vector<model::LabelSet> all;
  for (int i = 0; i < 60; ++i) {
    std::vector<std::pair<std::string, std::string>> labels = {
        {"__name__", i % 3 == 0   ? "up"
                     : i % 3 == 1 ? "http_requests_total"
                                  : "http_errors_total"},
        {"i", std::to_string(i)}};
    if (i % 2 == 0) labels.emplace_back("job", i % 4 == 0 ? "api" : "node");
    if (i % 7 == 0) labels.emplace_back("zone", "");
    if (i % 5 == 0) labels.emplace_back("path", "/a\n" + std::to_string(i));
    all.push_back(model::LabelSet::From(labels));
  }
  std::ranges::sort(all);
  return all;
}

// Different label sets over a few names, in no order.
inline std::vector<model::LabelSet> RandomSeries(std::mt19937_64& random, std::size_t count) {
  static constexpr std::size_t kValueCounts[] = {3, 20, 2000, 2, 400};
  static constexpr const char* kNames[] = {"__name__", "le", "pod", "job", "zone"};
  std::vector<model::LabelSet> all;
  while (all.size() < count) {
    std::vector<std::pair<std::string, std::string>> labels;
    for (std::size_t n = 0; n < std::size(kNames); ++n) {
      // The first name is nearly everywhere, the last seldom.
      if (random() % 8 < n) continue;
      labels.emplace_back(kNames[n], "v" + std::to_string(random() % kValueCounts[n]));
    }
    all.push_back(model::LabelSet::From(std::move(labels)));
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::ranges::shuffle(all, random);
  return all;
}

inline std::string MakeFile(const std::vector<model::LabelSet>& series) {
  IndexWriter writer;
  for (std::size_t i = 0; i < series.size(); ++i) {
    writer.Add(series[i], "payload " + std::to_string(i));
  }
  return writer.Finish().value();
}

}  // namespace narthex::index
