// The shape of native histograms against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "json_cases.h"
#include "model/histogram.h"

namespace narthex::conformance {
namespace {

using model::FloatHistogram;
using model::HistogramSpan;

std::vector<HistogramSpan> ReadSpans(const Json& json, const std::string& key) {
  std::vector<HistogramSpan> spans;
  for (const Json& span : json.value(key, Json::array())) {
    spans.push_back({span.at("offset"), span.at("length")});
  }
  return spans;
}

std::vector<double> ReadNumbers(const Json& json, const std::string& key) {
  std::vector<double> numbers;
  for (const Json& number : json.value(key, Json::array())) numbers.push_back(Number(number));
  return numbers;
}

double ReadNumber(const Json& json, const std::string& key) {
  return json.contains(key) ? Number(json.at(key)) : 0;
}

FloatHistogram ReadHistogram(const Json& json) {
  FloatHistogram histogram;
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
  return histogram;
}

// Integer histograms give each bucket as the difference from the one before.
void AddUp(std::vector<double>& buckets) {
  for (std::size_t i = 1; i < buckets.size(); ++i) buckets[i] += buckets[i - 1];
}

TEST(HistogramConformance, Validation) {
  NARTHEX_READ_CORPUS(text, "histogram/histogram_validation.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    if (c.value("skip_float", false)) continue;
    FloatHistogram histogram = ReadHistogram(c.at("h"));
    AddUp(histogram.positive_buckets);
    AddUp(histogram.negative_buckets);
    const Status status = Validate(histogram);
    EXPECT_EQ(status.ok() ? "" : status.error().message(), c.value("err_msg", ""));
  }
}

TEST(HistogramConformance, RefusesNegativeCounts) {
  NARTHEX_READ_CORPUS(text, "histogram/float_histogram_validate_negative_histogram.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    EXPECT_EQ(Validate(ReadHistogram(c.at("fh"))).code(), ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace narthex::conformance
