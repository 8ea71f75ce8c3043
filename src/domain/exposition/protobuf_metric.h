// The messages of io.prometheus.client as they were sent: views into the body.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "exposition/metric_family.h"
#include "metrics_proto.h"
#include "model/histogram.h"

namespace narthex::exposition {

struct SentLabel {
  std::string_view name;
  std::string_view value;
};

struct SentExemplar {
  std::vector<SentLabel> labels;
  double value = 0;
  std::optional<Instant> timestamp;
};

struct SentBucket {
  double upper_bound = 0;
  double cumulative_count = 0;
  std::optional<SentExemplar> exemplar;
};

struct SentHistogram {
  model::FloatHistogram native;  // count and sum are in it for classic histograms too
  bool is_native = false;
  std::vector<SentBucket> buckets;
  std::vector<SentExemplar> exemplars;
};

struct SentSummary {
  double count = 0;
  double sum = 0;
  std::vector<Quantile> quantiles;
};

struct SentMetric {
  std::vector<SentLabel> labels;
  std::optional<double> number;  // of a counter, gauge or untyped metric
  std::optional<SentExemplar> exemplar;
  std::optional<SentHistogram> histogram;
  std::optional<SentSummary> summary;
  std::optional<TimestampMs> timestamp;
  std::optional<Instant> created;
};

struct SentFamily {
  std::string_view name;
  std::string_view help;
  std::string_view unit;
  proto::Type type = proto::Type::kCounter;
  std::vector<std::string_view> metrics;  // messages
};

// Errors: kInvalidArgument  not such a message; more native buckets than its spans have room for
Result<SentFamily> DecodeFamily(std::string_view message);
Result<SentMetric> DecodeMetric(std::string_view message);

}  // namespace narthex::exposition
