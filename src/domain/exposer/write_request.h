// Metric families as messages of remote write.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "client/labels.h"
#include "exposer/remote_writer.h"
#include "exposition/metric_family.h"

namespace narthex::exposer {

struct WriteRequestOptions {
  RemoteWriteVersion version = RemoteWriteVersion::k2;
  const client::Labels& external_labels;
  TimestampMs now = 0;  // of samples that have no time of their own
  std::size_t samples_per_request_max = 0;
};

struct WriteRequestBody {
  std::string bytes;  // not compressed
  std::size_t sample_count = 0;
};

// The series that a scrape of `families` would give: classic histograms and summaries as series of
// their parts, native ones as one. Exemplars without a time are left out.
// Source: prompb/types.proto, io/prometheus/write/v2/types.proto of Prometheus.
std::vector<WriteRequestBody> EncodeWriteRequests(
    const std::vector<exposition::MetricFamily>& families, const WriteRequestOptions& options);

}  // namespace narthex::exposer
