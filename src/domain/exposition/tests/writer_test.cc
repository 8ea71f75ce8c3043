#include "exposition/writer.h"

#include <gtest/gtest.h>

#include "exposition/negotiation.h"
#include "exposition/parser.h"

namespace narthex::exposition {
namespace {

MetricFamily Gauge(std::string name, LabelPairs labels, double value) {
  Metric metric;
  metric.labels = std::move(labels);
  metric.value = value;
  return {std::move(name), "help", "", model::MetricType::kGauge, {std::move(metric)}};
}

TEST(Writer, EscapesNamesForReadersThatDoNotKnowUtf8) {
  const MetricFamily family = Gauge("my.metric", {{"a.b", "c"}}, 1);
  const struct {
    model::NameEscaping escaping;
    std::string sample;
  } cases[] = {
      {model::NameEscaping::kNone, "{\"my.metric\",\"a.b\"=\"c\"} 1\n"},
      {model::NameEscaping::kUnderscores, "my_metric{a_b=\"c\"} 1\n"},
      {model::NameEscaping::kValues, "U__my_2e_metric{U__a_2e_b=\"c\"} 1\n"},
  };
  for (const auto& c : cases) {
    std::string out;
    WriteFamily(out, family, {.format = Format::kText, .escaping = c.escaping});
    EXPECT_TRUE(out.ends_with(c.sample)) << out;
  }
}

// What is written is read again, to the last bit.
TEST(Writer, NumbersReadBack) {
  for (const double value : {0.1, 1e21, 1e-7, 123456789.0, 5e-324, 1.7976931348623157e308, -0.0}) {
    for (const Format format : {Format::kText, Format::kOpenMetrics}) {
      std::string out;
      WriteFamily(out, Gauge("x", {{"a", "\\ \" \n"}}, value), {.format = format});
      WriteEnd(out, format);
      Parser parser(out, format);
      auto kind = parser.Next();
      while (kind.ok() && *kind != EntryKind::kSeries) kind = parser.Next();
      ASSERT_TRUE(kind.ok()) << kind.error().message();
      EXPECT_EQ(std::bit_cast<std::uint64_t>(parser.entry().value),
                std::bit_cast<std::uint64_t>(value));
      EXPECT_EQ(parser.Labels()->Get("a"), "\\ \" \n");
    }
  }
}

// `family` written in parts of one metric each.
std::string WrittenInParts(const MetricFamily& family, const WriteOptions& options) {
  FamilyWriter writer(options);
  std::string out;
  for (std::size_t i = 0; i < family.metrics.size(); ++i) {
    MetricFamily part{family.name, family.help, family.unit, family.type, {family.metrics[i]}};
    writer.Write(out, part, {i == 0, i + 1 == family.metrics.size()});
  }
  return out;
}

TEST(FamilyWriter, WritesPartsAsItWritesTheWhole) {
  MetricFamily family = Gauge("x_bytes", {{"a", "1"}}, 1);
  family.unit = "bytes";
  family.metrics.push_back(Gauge("x_bytes", {{"a", "\"2\""}}, 2).metrics[0]);
  family.metrics.push_back(Gauge("x_bytes", {{"a.b", "3"}}, 3).metrics[0]);
  const WriteOptions cases[] = {
      {.format = Format::kText},
      {.format = Format::kOpenMetrics},
      {.format = Format::kOpenMetrics, .open_metrics_version = OpenMetricsVersion::k2},
      {.format = Format::kProtobuf},
      {.format = Format::kProtobuf, .protobuf_form = ProtobufForm::kText},
      {.format = Format::kProtobuf, .protobuf_form = ProtobufForm::kCompactText},
  };
  for (const WriteOptions& options : cases) {
    std::string whole;
    WriteFamily(whole, family, options);
    EXPECT_EQ(WrittenInParts(family, options), whole);
  }
}

TEST(FamilyWriter, EndsMessagesThatGrowTooLong) {
  MetricFamily family = Gauge("x", {}, 1);
  family.metrics.resize(FamilyWriter::kMessageMetricCountMax + 2, family.metrics[0]);
  const std::string out = WrittenInParts(family, {.format = Format::kProtobuf});
  Parser parser(out, Format::kProtobuf);
  std::size_t sample_count = 0;
  std::size_t type_count = 0;
  for (auto kind = parser.Next(); kind.value() != EntryKind::kEnd; kind = parser.Next()) {
    sample_count += *kind == EntryKind::kSeries ? 1 : 0;
    type_count += *kind == EntryKind::kType ? 1 : 0;
  }
  EXPECT_EQ(sample_count, family.metrics.size());
  EXPECT_EQ(type_count, 2u) << "one for each message";
}

TEST(MetricLabels, KeepTheirPairs) {
  const LabelPairs cases[] = {
      {},
      {{"a", ""}},
      {{"a", "1"}, {"b", "x=\"y\",z"}},
      {{"a", "back\\slash\n"}},
      {{"a.b", "1"}, {"c", "2"}},
      {{"a", "\xc3\xa9"}, {"b", "{}, "}},
  };
  for (const LabelPairs& pairs : cases) {
    const MetricLabels labels(pairs);
    EXPECT_EQ(labels.pairs(), pairs);
    EXPECT_EQ(labels, MetricLabels(pairs));
    EXPECT_EQ(labels.empty(), pairs.empty());
  }
  // By values, not by how they are written: '!' is before '"'.
  EXPECT_TRUE(IsLess(LabelPairs{{"a", "x"}}, LabelPairs{{"a", "x!"}}));
  EXPECT_FALSE(IsLess(LabelPairs{{"a", "x!"}}, LabelPairs{{"a", "x"}}));
  EXPECT_FALSE(IsLess(LabelPairs{{"a", "x"}}, LabelPairs{{"a", "x"}}));
  EXPECT_TRUE(IsLess(LabelPairs{{"a", "x"}}, LabelPairs{{"a", "x"}, {"b", ""}}));
}

TEST(Negotiation, TakesTheHighestQualityThatCanBeServed) {
  const struct {
    std::string accept;
    std::string content_type;
  } cases[] = {
      {"", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"},
      {"*/*", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"},
      {"text/plain;version=0.0.4;q=0.2,application/openmetrics-text;version=1.0.0;q=0.5",
       "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"},
      {"application/openmetrics-text;version=1.0.0;q=0,*/*;q=0.1",
       "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"},
      // What Prometheus 3 sends.
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
       "application/openmetrics-text;version=0.0.1;q=0.4,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
       "*/*;q=0.1",
       "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.accept);
    EXPECT_EQ(Negotiate(c.accept).content_type, c.content_type);
  }
}

}  // namespace
}  // namespace narthex::exposition
