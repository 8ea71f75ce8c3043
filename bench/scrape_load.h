// Series and values about as exporters give them.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <vector>

#include "model/labels.h"

namespace narthex {

inline std::vector<model::LabelSet> LabelsOf(std::size_t target, std::size_t count) {
  std::vector<model::LabelSet> labels;
  for (std::size_t i = 0; i < count; ++i) {
    labels.push_back({{"__name__", fmt::format("demo_metric_{}_total", i / 20)},
                      {"instance", fmt::format("host-{}:9100", target)},
                      {"job", "node"},
                      {"mode", fmt::format("mode-{}", i % 20)},
                      {"device", fmt::format("dev{}", i % 7)}});
  }
  return labels;
}

// Six in ten constant, three counters, one decimal.
inline void FillValues(std::size_t scrape, std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t kind = i % 10;
    if (kind < 6) values[i] = static_cast<double>(i);
    if (kind >= 6 && kind < 9) values[i] = static_cast<double>(scrape * (i + scrape % 3));
    if (kind == 9) values[i] = static_cast<double>((scrape * 7919 + i) % 100'000) / 100;
  }
}

}  // namespace narthex
