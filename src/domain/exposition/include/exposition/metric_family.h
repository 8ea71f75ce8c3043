// Metric families as a program hands them out: values at one instant, ready to be written.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "model/metadata.h"

namespace narthex::exposition {

// Names and values in the order in which they are written.
using LabelPairs = std::vector<std::pair<std::string, std::string>>;

struct MetricExemplar {
  LabelPairs labels;
  double value = 0;
  std::optional<TimestampMs> timestamp;
};

struct Bucket {
  double upper_bound = 0;
  double cumulative_count = 0;
  std::optional<MetricExemplar> exemplar;
};

// Buckets by ascending bound; the one for +Inf may be left out.
struct ClassicHistogram {
  std::vector<Bucket> buckets;
  double count = 0;
  double sum = 0;
};

struct Quantile {
  double quantile = 0;
  double value = 0;
};

struct Summary {
  std::vector<Quantile> quantiles;
  double count = 0;
  double sum = 0;
};

struct Metric {
  LabelPairs labels;
  std::variant<double, ClassicHistogram, Summary> value = 0.0;
  std::optional<TimestampMs> timestamp;
  std::optional<TimestampMs> created;      // of counters, histograms, summaries
  std::optional<MetricExemplar> exemplar;  // of counters
};

struct MetricFamily {
  std::string name;  // of a counter: with its _total
  std::string help;  // empty: no HELP line
  std::string unit;
  model::MetricType type = model::MetricType::kUnknown;
  std::vector<Metric> metrics;
};

}  // namespace narthex::exposition
