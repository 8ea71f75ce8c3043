// Native histograms as the tables of the corpus write them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "json_cases.h"
#include "model/histogram.h"

namespace narthex::conformance {

inline std::vector<model::HistogramSpan> ReadSpans(const Json& json, const std::string& key) {
  std::vector<model::HistogramSpan> spans;
  for (const Json& span : json.value(key, Json::array())) {
    spans.push_back({span.at("offset"), span.at("length")});
  }
  return spans;
}

inline std::vector<double> ReadNumbers(const Json& json, const std::string& key) {
  std::vector<double> numbers;
  for (const Json& number : json.value(key, Json::array())) numbers.push_back(Number(number));
  return numbers;
}

inline double ReadNumber(const Json& json, const std::string& key) {
  return json.contains(key) ? Number(json.at(key)) : 0;
}

inline model::FloatHistogram ReadHistogram(const Json& json) {
  model::FloatHistogram histogram;
  histogram.schema = json.value("schema", 0);
  histogram.zero_threshold = ReadNumber(json, "zero_threshold");
  histogram.zero_count = ReadNumber(json, "zero_count");
  histogram.count = ReadNumber(json, "count");
  histogram.sum = ReadNumber(json, "sum");
  histogram.positive_spans = ReadSpans(json, "positive_spans");
  histogram.negative_spans = ReadSpans(json, "negative_spans");
  histogram.positive_buckets = ReadNumbers(json, "positive_buckets");
  histogram.negative_buckets = ReadNumbers(json, "negative_buckets");
  histogram.custom_values = ReadNumbers(json, "custom_values");
  constexpr std::string_view kHints[] = {"unknown", "reset", "not_reset", "gauge"};
  const auto hint = std::ranges::find(kHints, json.value("counter_reset_hint", "unknown"));
  histogram.reset_hint = static_cast<model::CounterResetHint>(hint - std::begin(kHints));
  return histogram;
}

}  // namespace narthex::conformance
