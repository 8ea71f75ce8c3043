// What the driver appends and the test expects: everything follows from the time.
#pragma once

#include <bit>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "model/labels.h"
#include "tsdb/tsdb.h"

namespace narthex::crash {

inline constexpr TimestampMs kStep = 1000;
inline constexpr int kSeriesCount = 24;
inline constexpr int kLastingCount = 16;               // the others are followed by new ones
inline constexpr TimestampMs kLifetime = 250 * kStep;  // of those
inline constexpr TimestampMs kBlockRange = 200 * kStep;
inline constexpr TimestampMs kRetention = 4000 * kStep;

inline model::LabelSet LabelsAt(int series, TimestampMs time) {
  const std::string generation = series < kLastingCount ? "0" : std::to_string(time / kLifetime);
  return {{"__name__", "m"}, {"generation", generation}, {"series", std::to_string(100 + series)}};
}

// Constants, counters, decimals, true doubles and staleness markers.
inline double ValueAt(int series, TimestampMs time) {
  const auto n = static_cast<double>(time / kStep);
  if (series >= kLastingCount && time % kLifetime == kLifetime - kStep) return model::StaleNan();
  switch (series % 4) {
    case 0:
      return series;
    case 1:
      return n * series;
    case 2:
      return std::round(std::sin(n) * 1000) / 100;
    default:
      return std::sqrt(n + series);
  }
}

// Blocks, segments and upkeep so small that a few seconds have many of each.
inline tsdb::TsdbOptions Options(const std::string& directory) {
  tsdb::TsdbOptions options;
  options.directory = directory;
  options.block_range = std::chrono::milliseconds(kBlockRange);
  options.retention.time = std::chrono::milliseconds(kRetention);
  options.wal_segment_size_bytes = 16 << 10;
  options.wal_sync_interval = std::chrono::milliseconds(3);
  options.upkeep_interval = std::chrono::milliseconds(2);
  return options;
}

}  // namespace narthex::crash
