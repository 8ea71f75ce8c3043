// A write request, decoded into columns.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::remote {

// Stands for a label set as a sender encodes it: one set may have several keys, a key has one set.
using SeriesKey = Hash128Value;

// Labels as they were sent: the label fields of 1.0, references to symbols of 2.0.
struct SentLabels {
  std::string_view fields = {};
  std::uint32_t ref_begin = 0;
  std::uint32_t ref_end = 0;
};

struct SentSeries {
  SeriesKey key;
  SentLabels labels;
  std::uint32_t sample_begin = 0;  // into the columns of samples
  std::uint32_t sample_end = 0;
  std::uint32_t histogram_count = 0;
  bool has_metadata = false;
};

struct SentHistogram {
  std::uint32_t series_index = 0;
  model::TimestampMs timestamp = 0;
  model::TimestampMs start_timestamp = 0;  // 0: not known
  model::FloatHistogram histogram;
  Status validity = {};  // what is wrong with it
};

struct SentExemplar {
  std::uint32_t series_index = 0;
  SentLabels labels;
  double value = 0;
  model::TimestampMs timestamp = 0;
};

// Views point into the bytes that it was decoded from, and into itself. Series of 1.0 that carry
// nothing are left out.
struct WriteRequest {
  std::vector<SentSeries> series;
  // Samples of all series, one after the other.
  std::vector<double> values;
  std::vector<model::TimestampMs> timestamps;
  std::vector<model::TimestampMs> start_timestamps;  // empty, or as many; 0: not known
  std::vector<SentHistogram> histograms;
  std::vector<SentExemplar> exemplars;
  // 2.0 only.
  std::vector<std::string_view> symbols;
  std::vector<std::uint32_t> label_refs;
  // Label fields of 1.0 that did not stand together.
  std::deque<std::string> gathered_fields;
};

struct DecodeLimits {
  std::size_t series_count_max = 0;  // symbols alike
  std::size_t sample_count_max = 0;
  std::uint64_t key_seed = 0;
};

// Source: Prometheus, prompb/remote.proto and prompb/io/prometheus/write/v2/types.proto.
// Errors: kInvalidArgument    malformed protobuf
//         kResourceExhausted  a limit
Result<WriteRequest> DecodeV1(std::string_view bytes, const DecodeLimits& limits);
Result<WriteRequest> DecodeV2(std::string_view bytes, const DecodeLimits& limits);

// Names and values in the order in which they were sent; `request` keeps them.
// Errors: kInvalidArgument  malformed protobuf, or references beside the symbols
Result<std::vector<model::Label>> LabelsOf(const WriteRequest& request, const SentLabels& labels);

}  // namespace narthex::remote
