// Families as protobuf messages: what is written is read again.
#include <gtest/gtest.h>

#include "exposition/parser.h"
#include "exposition/writer.h"
#include "model/histogram_buckets.h"

namespace narthex::exposition {
namespace {

constexpr Instant kCreated = std::chrono::milliseconds(1'500'000'000'250);

model::FloatHistogram Native(std::vector<double> positive) {
  model::FloatHistogram native;
  native.schema = 3;
  native.zero_threshold = 0.5;
  native.zero_count = 2;
  native.sum = 12.5;
  native.count = 2;
  for (const double count : positive) native.count += count;
  native.positive_spans = {{-2, static_cast<std::uint32_t>(positive.size())}};
  native.positive_buckets = std::move(positive);
  return native;
}

MetricFamily HistogramFamily(model::FloatHistogram native) {
  Histogram histogram;
  histogram.count = native.count;
  histogram.sum = native.sum;
  histogram.buckets = {{1, 2, MetricExemplar{{{"trace_id", "a"}}, 0.5, kCreated}}};
  histogram.native = std::make_shared<NativeBuckets>(NativeBuckets{std::move(native), {}});
  Metric metric;
  metric.labels = {{"path", "/"}};
  metric.value = std::move(histogram);
  metric.created = kCreated;
  return {"seconds", "help", "seconds", model::MetricType::kHistogram, {std::move(metric)}};
}

std::string Written(const MetricFamily& family) {
  std::string out;
  WriteFamily(out, family, {.format = Format::kProtobuf});
  return out;
}

// The entries up to the end, or the error.
Result<std::vector<Entry>> ReadAll(std::string_view body, ParserOptions options = {}) {
  std::vector<Entry> entries;
  Parser parser(body, Format::kProtobuf, options);
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const EntryKind kind, parser.Next());
    if (kind == EntryKind::kEnd) return entries;
    if (kind == EntryKind::kSeries) NARTHEX_TRY(parser.Labels());
    entries.push_back(parser.entry());
  }
}

TEST(Protobuf, NativeHistogramsReadBack) {
  const struct {
    std::string name;
    model::FloatHistogram native;
  } cases[] = {
      {"whole counts", Native({1, 0, 5})},
      {"fractions", Native({1.5, 0.25})},
      {"without buckets", Native({})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    model::FloatHistogram native = c.native;
    if (native.positive_buckets.empty()) native.positive_spans.clear();
    const std::string body = Written(HistogramFamily(native));
    Parser parser(body, Format::kProtobuf);
    auto kind = parser.Next();
    while (kind.ok() && *kind != EntryKind::kHistogram) kind = parser.Next();
    ASSERT_TRUE(kind.ok()) << kind.error().message();
    EXPECT_EQ(*parser.entry().histogram, native) << model::ToString(*parser.entry().histogram);
    EXPECT_EQ(parser.entry().start_timestamp, 1'500'000'000'250);
    EXPECT_EQ(parser.Labels()->ToMetricString(), "seconds{path=\"/\"}");
    ASSERT_EQ(parser.GetExemplars().size(), 1u);
    EXPECT_EQ(parser.GetExemplars()[0].labels.Get("trace_id"), "a");
  }
}

// Nothing says "native" in a message but spans, the zero bucket and its threshold.
TEST(Protobuf, AnEmptyNativeHistogramIsOneStill) {
  const std::string body = Written(HistogramFamily(model::FloatHistogram()));
  const auto entries = ReadAll(body);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->back().kind, EntryKind::kHistogram);
}

TEST(Protobuf, OptionsSayWhatBecomesOfAHistogram) {
  const std::string body = Written(HistogramFamily(Native({1, 2})));
  const struct {
    ParserOptions options;
    std::size_t histogram_count;
    std::size_t series_count;
  } cases[] = {
      {{}, 1, 0},
      {{.keeps_classic = true}, 1, 4},
      {{.keeps_native = false}, 0, 4},
      {{.keeps_native = false, .converts_classic = true}, 1, 0},
      {{.keeps_classic = true, .converts_classic = true}, 1, 4},
  };
  for (const auto& c : cases) {
    const auto entries = ReadAll(body, c.options);
    ASSERT_TRUE(entries.ok());
    const auto count = [&entries](EntryKind kind) {
      return static_cast<std::size_t>(std::count_if(
          entries->begin(), entries->end(), [kind](const Entry& e) { return e.kind == kind; }));
    };
    EXPECT_EQ(count(EntryKind::kHistogram), c.histogram_count);
    EXPECT_EQ(count(EntryKind::kSeries), c.series_count);
  }
}

TEST(Protobuf, WhatIsCutShortIsAnError) {
  const std::string body = Written(HistogramFamily(Native({1, 2})));
  for (std::size_t size = 1; size < body.size(); ++size) {
    EXPECT_FALSE(ReadAll(std::string_view(body).substr(0, size)).ok()) << size;
  }
}

TEST(Protobuf, AFlippedBitNeverCrashes) {
  const std::string body = Written(HistogramFamily(Native({1, 2})));
  std::size_t error_count = 0;
  for (std::size_t bit = 0; bit < 8 * body.size(); ++bit) {
    std::string damaged = body;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    if (!ReadAll(damaged).ok()) ++error_count;
  }
  EXPECT_GT(error_count, body.size());
}

TEST(Protobuf, TextFormsShowTheSameFields) {
  Metric metric;
  metric.labels = {{"a", "b"}};
  metric.value = 1.5;
  const MetricFamily family{"x", "h", "", model::MetricType::kGauge, {metric}};
  const struct {
    ProtobufForm form;
    std::string text;
  } cases[] = {
      {ProtobufForm::kText,
       "name: \"x\"\nhelp: \"h\"\ntype: GAUGE\nmetric {\n  label {\n    name: \"a\"\n    value: "
       "\"b\"\n  }\n  gauge {\n    value: 1.5\n  }\n}\n\n"},
      {ProtobufForm::kCompactText,
       "name: \"x\" help: \"h\" type: GAUGE metric:<label:<name: \"a\" value: \"b\"> "
       "gauge:<value: 1.5>>\n"},
  };
  for (const auto& c : cases) {
    std::string out;
    WriteFamily(out, family, {.format = Format::kProtobuf, .protobuf_form = c.form});
    EXPECT_EQ(out, c.text);
  }
}

TEST(OpenMetrics2, AHistogramIsOneLine) {
  MetricFamily family = HistogramFamily(Native({1, 2}));
  const WriteOptions options{.format = Format::kOpenMetrics,
                             .open_metrics_version = OpenMetricsVersion::k2};
  std::string out;
  WriteFamily(out, family, options);
  EXPECT_TRUE(out.ends_with(
      "\nseconds{path=\"/\"} {count:5,sum:12.5,schema:3,zero_threshold:0.5,zero_count:2,"
      "positive_spans:[-2:2],positive_buckets:[1,2],bucket:[1:2,+Inf:5]} st@1500000000.25 "
      "# {trace_id=\"a\"} 0.5 1500000000.25\n"))
      << out;
}

}  // namespace
}  // namespace narthex::exposition
