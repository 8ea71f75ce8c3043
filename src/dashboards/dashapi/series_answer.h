// Answers of the Prometheus query API as columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/reader.h"

namespace narthex::dashapi {

// One bucket of a native histogram.
struct HistogramBucket {
  TimestampMs timestamp = 0;
  double lower = 0;
  double upper = 0;
  double count = 0;
  std::int64_t boundaries =
      0;  // which of them belong to the bucket: 0 upper, 1 lower, 2 none, 3 both
};

struct AnswerSeries {
  std::vector<std::pair<std::string, std::string>> labels;  // by name
  std::vector<TimestampMs> timestamps;
  std::vector<double> values;
  std::vector<HistogramBucket> buckets;  // of samples that are histograms
  std::string text;                      // of a string result
};

struct SeriesAnswer {
  std::string result_type;  // matrix, vector, scalar, string
  std::vector<AnswerSeries> series;
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
};

// Reads the body of an answer with `status`, whole or while it comes; nothing that was read is kept
// as text.
//
// Errors: kInvalidArgument  the server refused; the message is "<errorType>: <error>" as it said
//         kUnavailable      no answer of this API
//         those of `body`
Result<SeriesAnswer> ReadSeriesAnswer(int status, std::string_view body);
Result<SeriesAnswer> ReadSeriesAnswer(int status, json::Source body);

}  // namespace narthex::dashapi
