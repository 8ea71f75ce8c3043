// Writing of expositions and negotiation against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "exposition/negotiation.h"
#include "exposition/writer.h"
#include "json_cases.h"

namespace narthex::conformance {
namespace {

using exposition::Format;
using exposition::Histogram;
using exposition::Instant;
using exposition::LabelPairs;
using exposition::Metric;
using exposition::MetricExemplar;
using exposition::MetricFamily;
using exposition::Summary;

LabelPairs ReadLabels(const Json& json) {
  LabelPairs labels;
  for (const Json& label : json.value("label", Json::array())) {
    labels.emplace_back(label.at("name"), label.value("value", ""));
  }
  return labels;
}

std::optional<Instant> ReadTimestamp(const Json& json, const std::string& key) {
  if (!json.contains(key)) return std::nullopt;
  const Json& time = json.at(key);
  return std::chrono::seconds(time.value("seconds", std::int64_t{0})) +
         Instant(time.value("nanos", std::int64_t{0}));
}

std::optional<MetricExemplar> ReadExemplar(const Json& json) {
  if (!json.contains("exemplar")) return std::nullopt;
  const Json& exemplar = json.at("exemplar");
  return MetricExemplar{ReadLabels(exemplar), Number(exemplar.at("value")),
                        ReadTimestamp(exemplar, "timestamp")};
}

double Count(const Json& json, const std::string& key) {
  return Number(json.contains(key) ? json.at(key) : json.at(key + "_float"));
}

Histogram ReadHistogram(const Json& json) {
  Histogram histogram;
  histogram.count = Count(json, "sample_count");
  histogram.sum = Number(json.at("sample_sum"));
  for (const Json& bucket : json.at("bucket")) {
    histogram.buckets.push_back({Number(bucket.at("upper_bound")),
                                 Count(bucket, "cumulative_count"), ReadExemplar(bucket)});
  }
  return histogram;
}

Summary ReadSummary(const Json& json) {
  Summary summary;
  summary.count = Count(json, "sample_count");
  summary.sum = Number(json.at("sample_sum"));
  for (const Json& quantile : json.at("quantile")) {
    summary.quantiles.push_back({Number(quantile.at("quantile")), Number(quantile.at("value"))});
  }
  return summary;
}

Metric ReadMetric(const Json& json) {
  Metric metric;
  metric.labels = ReadLabels(json);
  if (json.contains("timestamp_ms")) metric.timestamp = json.at("timestamp_ms").get<TimestampMs>();
  for (const char* const kind : {"counter", "gauge", "untyped", "histogram", "summary"}) {
    if (!json.contains(kind)) continue;
    const Json& value = json.at(kind);
    metric.created = ReadTimestamp(value, "created_timestamp");
    if (value.contains("bucket")) {
      metric.value = ReadHistogram(value);
    } else if (value.contains("quantile")) {
      metric.value = ReadSummary(value);
    } else {
      metric.value = Number(value.at("value"));
      metric.exemplar = ReadExemplar(value);
    }
  }
  return metric;
}

MetricFamily ReadFamily(const Json& json) {
  MetricFamily family;
  family.name = json.at("name");
  family.help = json.value("help", "");
  family.unit = json.value("unit", "");
  // The type that the corpus leaves out is its first one.
  const std::string type = json.value("type", "counter");
  if (type == "gauge_histogram") {
    family.type = model::MetricType::kGaugeHistogram;
  } else {
    family.type = model::ParseMetricType(type).value_or(model::MetricType::kUnknown);
  }
  for (const Json& metric : json.at("metric")) family.metrics.push_back(ReadMetric(metric));
  return family;
}

void ExpectWritten(const std::string& table, exposition::WriteOptions options) {
  for (const Json& c : ParseCases(table)) {
    SCOPED_TRACE(c.at("id"));
    options.with_created = c.value("options", Json::array()) == Json::array({"created"});
    std::string out;
    exposition::WriteFamily(out, ReadFamily(c.at("in")), options);
    EXPECT_EQ(out, c.at("out").get<std::string>());
  }
}

TEST(WriterConformance, Text) {
  NARTHEX_READ_CORPUS(table, "exposition/create_text.json");
  ExpectWritten(table, {.format = Format::kText});
}

TEST(WriterConformance, OpenMetrics) {
  NARTHEX_READ_CORPUS(table, "exposition/create_openmetrics.json");
  ExpectWritten(table, {.format = Format::kOpenMetrics});
}

TEST(WriterConformance, OpenMetrics2) {
  NARTHEX_READ_CORPUS(table, "exposition/create_openmetrics_2_0.json");
  ExpectWritten(table, {.format = Format::kOpenMetrics,
                        .open_metrics_version = exposition::OpenMetricsVersion::k2});
}

TEST(NegotiationConformance, ContentTypes) {
  NARTHEX_READ_CORPUS(table, "textparse/negotiate.json");
  for (const Json& c : ParseCases(table)) {
    SCOPED_TRACE(c.dump());
    // The corpus has its default escaping in the answers to clauses that name none.
    const auto content_type = c.at("content_type").get<std::string>();
    exposition::NegotiationOptions options;
    if (content_type.ends_with("=values")) options.default_escaping = model::NameEscaping::kValues;
    EXPECT_EQ(exposition::Negotiate(c.at("accept").get<std::string>(), options).content_type,
              content_type);
  }
}

}  // namespace
}  // namespace narthex::conformance
