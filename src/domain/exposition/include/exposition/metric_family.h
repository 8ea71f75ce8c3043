// Metric families as a program hands them out: values at one instant, ready to be written.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "exposition/metric_labels.h"
#include "model/histogram.h"
#include "model/metadata.h"

namespace narthex::exposition {

// An instant as the protocols carry it: since the Unix epoch.
using Instant = std::chrono::nanoseconds;

struct MetricExemplar {
  LabelPairs labels;
  double value = 0;
  std::optional<Instant> timestamp;
};

struct Bucket {
  double upper_bound = 0;
  double cumulative_count = 0;
  std::optional<MetricExemplar> exemplar;
};

// The buckets of a native histogram; its count and sum are those of the Histogram around it.
struct NativeBuckets {
  model::FloatHistogram histogram;
  std::vector<MetricExemplar> exemplars;
};

// Classic buckets, native ones, or both.
struct Histogram {
  std::vector<Bucket> buckets;  // by ascending bound; the one for +Inf may be left out
  double count = 0;
  double sum = 0;
  // Shared, because families are copied: what it points to is large and does not change.
  std::shared_ptr<const NativeBuckets> native = nullptr;
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
  MetricLabels labels;
  std::variant<double, Histogram, Summary> value = 0.0;
  std::optional<TimestampMs> timestamp;
  std::optional<Instant> created;          // of counters, histograms, summaries
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
