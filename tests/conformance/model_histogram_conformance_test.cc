// The shape of native histograms against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "json_cases.h"
#include "json_histogram.h"
#include "model/histogram.h"
#include "model/histogram_buckets.h"
#include "model/histogram_math.h"

namespace narthex::conformance {
namespace {

using model::FloatHistogram;

void ExpectSameNumbers(const std::vector<double>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_DOUBLE_EQ(got[i], want[i]) << i;
}

// The same counts in the same buckets; spans may be cut differently, floats be summed in another
// order.
void ExpectSame(FloatHistogram got, FloatHistogram want) {
  model::Compact(got);
  model::Compact(want);
  EXPECT_EQ(got.reset_hint, want.reset_hint);
  EXPECT_EQ(got.schema, want.schema);
  EXPECT_EQ(got.zero_threshold, want.zero_threshold);
  EXPECT_DOUBLE_EQ(got.zero_count, want.zero_count);
  EXPECT_DOUBLE_EQ(got.count, want.count);
  EXPECT_DOUBLE_EQ(got.sum, want.sum);
  EXPECT_EQ(got.positive_spans, want.positive_spans);
  EXPECT_EQ(got.negative_spans, want.negative_spans);
  ExpectSameNumbers(got.positive_buckets, want.positive_buckets);
  ExpectSameNumbers(got.negative_buckets, want.negative_buckets);
  EXPECT_EQ(got.custom_values, want.custom_values);
}

void ExpectBuckets(const std::vector<model::HistogramBucket>& got, const Json& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].lower, Number(want[i].at("lower")));
    EXPECT_EQ(got[i].upper, Number(want[i].at("upper")));
    EXPECT_EQ(got[i].count, ReadNumber(want[i], "count"));
    EXPECT_EQ(got[i].is_lower_inclusive, want[i].value("lower_inclusive", false));
    EXPECT_EQ(got[i].is_upper_inclusive, want[i].value("upper_inclusive", false));
    EXPECT_EQ(got[i].index, want[i].value("index", 0));
  }
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

TEST(HistogramConformance, ExponentialBounds) {
  NARTHEX_READ_CORPUS(text, "histogram/get_bound_exponential.json");
  for (const Json& c : ParseCases(text)) {
    EXPECT_EQ(model::ExponentialBound(c.at("idx"), c.at("schema")), Number(c.at("want")))
        << c.dump();
  }
}

TEST(HistogramConformance, Buckets) {
  NARTHEX_READ_CORPUS(text, "histogram/regular_bucket_iterator.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("id"));
    FloatHistogram histogram = ReadHistogram(c.at("histogram"));
    AddUp(histogram.positive_buckets);
    AddUp(histogram.negative_buckets);
    ExpectBuckets(model::PositiveBuckets(histogram),
                  c.value("expected_positive_buckets", Json::array()));
    ExpectBuckets(model::NegativeBuckets(histogram),
                  c.value("expected_negative_buckets", Json::array()));
  }
}

TEST(HistogramConformance, BucketsOfCustomBounds) {
  NARTHEX_READ_CORPUS(text, "histogram/float_custom_buckets_iterators.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("id"));
    ExpectBuckets(model::PositiveBuckets(ReadHistogram(c.at("h"))), c.at("exp_positive_buckets"));
  }
}

TEST(HistogramConformance, BucketsOfAWiderSchema) {
  NARTHEX_READ_CORPUS(text, "histogram/float_bucket_iterator_target_schema.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    FloatHistogram histogram = ReadHistogram(c.at("h"));
    model::ReduceResolution(histogram, -1);
    ExpectBuckets(model::PositiveBuckets(histogram),
                  c.value("exp_positive_buckets", Json::array()));
    ExpectBuckets(model::NegativeBuckets(histogram),
                  c.value("exp_negative_buckets", Json::array()));
  }
}

TEST(HistogramConformance, AddAndSubtract) {
  for (const bool is_sum : {true, false}) {
    NARTHEX_READ_CORPUS(
        text, is_sum ? "histogram/float_histogram_add.json" : "histogram/float_histogram_sub.json");
    for (const Json& c : ParseCases(text)) {
      SCOPED_TRACE(c.at("name"));
      const FloatHistogram a = ReadHistogram(c.at("in1"));
      const FloatHistogram b = ReadHistogram(c.at("in2"));
      const auto result = is_sum ? model::Add(a, b) : model::Subtract(a, b);
      EXPECT_EQ(result.ok() ? "" : result.error().message(), c.value("exp_err_msg", ""));
      if (!result.ok()) continue;
      if (c.contains("expected")) ExpectSame(result->histogram, ReadHistogram(c.at("expected")));
      EXPECT_EQ(result->merge.has_reset_collision, c.value("exp_counter_reset_collision", false));
      EXPECT_EQ(result->merge.has_reconciled_bounds, c.value("exp_nhcbbounds_reconciled", false));
    }
  }
}

TEST(HistogramConformance, MultiplyAndDivide) {
  for (const bool is_product : {true, false}) {
    NARTHEX_READ_CORPUS(text, is_product ? "histogram/float_histogram_mul.json"
                                         : "histogram/float_histogram_div.json");
    for (const Json& c : ParseCases(text)) {
      SCOPED_TRACE(c.at("name"));
      FloatHistogram histogram = ReadHistogram(c.at(is_product ? "in" : "fh"));
      if (is_product) {
        model::Multiply(histogram, Number(c.at("scale")));
      } else {
        model::Divide(histogram, Number(c.at("s")));
      }
      ExpectSame(histogram, ReadHistogram(c.at("expected")));
    }
  }
}

TEST(HistogramConformance, DetectsResets) {
  NARTHEX_READ_CORPUS(text, "histogram/float_histogram_detect_reset.json");
  for (const Json& c : ParseCases(text)) {
    EXPECT_EQ(model::IsReset(ReadHistogram(c.at("current")), ReadHistogram(c.at("previous"))),
              c.at("reset_expected").get<bool>())
        << c.at("name");
  }
}

TEST(HistogramConformance, Compacts) {
  for (const bool is_integer : {true, false}) {
    NARTHEX_READ_CORPUS(text, is_integer ? "histogram/histogram_compact.json"
                                         : "histogram/float_histogram_compact.json");
    for (const Json& c : ParseCases(text)) {
      SCOPED_TRACE(c.at("name"));
      FloatHistogram histogram = ReadHistogram(c.at("in"));
      FloatHistogram want = ReadHistogram(c.at("expected"));
      for (FloatHistogram* one : {&histogram, &want}) {
        if (!is_integer) continue;
        AddUp(one->positive_buckets);
        AddUp(one->negative_buckets);
      }
      // Compact() asks for a valid histogram; what it makes of others is nobody's business.
      if (c.at("name") == "more buckets than spans account for") continue;
      model::Compact(histogram, c.at("max_empty_buckets"));
      EXPECT_EQ(histogram, want);
    }
  }
}

TEST(HistogramConformance, ReducesResolution) {
  NARTHEX_READ_CORPUS(text, "histogram/float_histogram_reduce_resolution.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    FloatHistogram histogram = ReadHistogram(c.at("origin"));
    EXPECT_EQ(Validate(histogram).ok(), !c.contains("error_msg"));
    if (c.contains("error_msg")) continue;
    model::ReduceResolution(histogram, c.at("target_schema"));
    ExpectSame(histogram, ReadHistogram(c.at("target")));
  }
}

TEST(HistogramConformance, ReducesResolutionOfWholeHistograms) {
  NARTHEX_READ_CORPUS(text, "histogram/float_histogram_copy_to_schema.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    FloatHistogram histogram = ReadHistogram(c.at("in"));
    model::ReduceResolution(histogram, c.at("target_schema"));
    ExpectSame(histogram, ReadHistogram(c.at("expected")));
  }
}

TEST(HistogramConformance, Prints) {
  NARTHEX_READ_CORPUS(text, "histogram/float_histogram_string.json");
  for (const Json& c : ParseCases(text)) {
    EXPECT_EQ(model::ToString(ReadHistogram(c.at("fh"))), c.at("expected").get<std::string>());
  }
  NARTHEX_READ_CORPUS(integers, "histogram/histogram_string.json");
  for (const Json& c : ParseCases(integers)) {
    FloatHistogram histogram = ReadHistogram(c.at("histogram"));
    AddUp(histogram.positive_buckets);
    AddUp(histogram.negative_buckets);
    EXPECT_EQ(model::ToString(histogram), c.at("expected_string"));
  }
}

}  // namespace
}  // namespace narthex::conformance
