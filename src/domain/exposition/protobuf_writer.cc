#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "family_writers.h"
#include "metrics_proto.h"
#include "model/labels.h"
#include "protobuf_sinks.h"
#include "text_pieces.h"

namespace narthex::exposition {
namespace {

using model::FloatHistogram;
using model::HistogramSpan;
using model::MetricType;

struct TypeWord {
  proto::Type type;
  std::string_view word;
};

// What the messages have no word for is what the text format makes of it.
TypeWord TypeOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return {proto::Type::kCounter, "COUNTER"};
    case MetricType::kGauge:
    case MetricType::kInfo:
    case MetricType::kStateSet:
      return {proto::Type::kGauge, "GAUGE"};
    case MetricType::kSummary:
      return {proto::Type::kSummary, "SUMMARY"};
    case MetricType::kHistogram:
      return {proto::Type::kHistogram, "HISTOGRAM"};
    case MetricType::kGaugeHistogram:
      return {proto::Type::kGaugeHistogram, "GAUGE_HISTOGRAM"};
    case MetricType::kUnknown:
      break;
  }
  return {proto::Type::kUntyped, "UNTYPED"};
}

bool AreWhole(std::span<const double> counts) {
  return std::all_of(counts.begin(), counts.end(), IsWholeCount);
}

// Integer counts are written as such, with differences for native buckets.
bool HasWholeCounts(const Histogram& histogram) {
  if (!IsWholeCount(histogram.count)) return false;
  const auto is_whole = [](const Bucket& bucket) { return IsWholeCount(bucket.cumulative_count); };
  if (!std::all_of(histogram.buckets.begin(), histogram.buckets.end(), is_whole)) return false;
  if (!histogram.native) return true;
  const FloatHistogram& native = histogram.native->histogram;
  return IsWholeCount(native.zero_count) && AreWhole(native.positive_buckets) &&
         AreWhole(native.negative_buckets);
}

std::vector<std::int64_t> Differences(std::span<const double> counts) {
  std::vector<std::int64_t> differences;
  differences.reserve(counts.size());
  std::int64_t last = 0;
  for (const double count : counts) {
    const auto whole = static_cast<std::int64_t>(count);
    differences.push_back(whole - last);
    last = whole;
  }
  return differences;
}

template <typename Sink>
class FamilyMessage {
 public:
  FamilyMessage(const MetricFamily& family, const WriteOptions& options)
      : family_(family), options_(options) {}

  void Write(Sink& sink, FamilyPart part) const {
    if (part.is_first) {
      sink.Text(proto::kFamilyName, "name", EscapedMetricName(family_.name, options_.escaping));
      if (!family_.help.empty()) sink.Text(proto::kHelp, "help", family_.help);
      const TypeWord type = TypeOf(family_.type);
      sink.Enum(proto::kType, "type", static_cast<std::int32_t>(type.type), type.word);
    }
    for (const Metric& metric : family_.metrics) {
      sink.Message(proto::kMetric, "metric", [&](Sink& inner) { WriteMetric(inner, metric); });
    }
    if (part.is_last && !family_.unit.empty()) sink.Text(proto::kUnit, "unit", family_.unit);
  }

 private:
  void WriteMetric(Sink& sink, const Metric& metric) const {
    for (LabelReader label(metric.labels); label.Next();) {
      WriteLabel(sink, proto::kLabel, label.name(), label.value());
    }
    if (const auto* histogram = std::get_if<Histogram>(&metric.value)) {
      sink.Message(proto::kHistogram, "histogram",
                   [&](Sink& inner) { WriteHistogram(inner, metric, *histogram); });
    } else if (const auto* summary = std::get_if<Summary>(&metric.value)) {
      sink.Message(proto::kSummary, "summary",
                   [&](Sink& inner) { WriteSummary(inner, metric, *summary); });
    } else {
      WriteNumber(sink, metric, std::get<double>(metric.value));
    }
    if (metric.timestamp) sink.Integer(proto::kTimestampMs, "timestamp_ms", *metric.timestamp);
  }

  void WriteLabel(Sink& sink, std::uint32_t field, std::string_view name,
                  std::string_view value) const {
    // As a rule there is nothing to escape, and no string to make.
    std::string escaped;
    if (!model::IsLegacyLabelName(name)) name = escaped = EscapedLabelName(name, options_.escaping);
    sink.TextPair(field, "label", {proto::kName, "name", name}, {proto::kValue, "value", value});
  }

  void WriteNumber(Sink& sink, const Metric& metric, double value) const {
    const auto write = [&](std::uint32_t field, std::string_view name) {
      sink.Message(field, name, [&](Sink& inner) {
        inner.Double(proto::kNumber, "value", value);
        if (field != proto::kCounter) return;
        if (metric.exemplar) {
          WriteExemplar(inner, proto::kCounterExemplar, "exemplar", *metric.exemplar);
        }
        WriteCreated(inner, proto::kCounterCreated, metric);
      });
    };
    switch (TypeOf(family_.type).type) {
      case proto::Type::kCounter:
        return write(proto::kCounter, "counter");
      case proto::Type::kGauge:
        return write(proto::kGauge, "gauge");
      default:
        return write(proto::kUntyped, "untyped");
    }
  }

  void WriteCreated(Sink& sink, std::uint32_t field, const Metric& metric) const {
    if (metric.created) WriteInstant(sink, field, "created_timestamp", *metric.created);
  }

  void WriteInstant(Sink& sink, std::uint32_t field, std::string_view name, Instant instant) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
    const std::int64_t nanos = (instant - seconds).count();
    sink.Message(field, name, [&](Sink& inner) {
      inner.Integer(proto::kSeconds, "seconds", seconds.count());
      if (nanos != 0) inner.Integer(proto::kNanos, "nanos", nanos);
    });
  }

  void WriteExemplar(Sink& sink, std::uint32_t field, std::string_view name,
                     const MetricExemplar& exemplar) const {
    sink.Message(field, name, [&](Sink& inner) {
      for (const auto& [label, text] : exemplar.labels) {
        WriteLabel(inner, proto::kExemplarLabel, label, text);
      }
      inner.Double(proto::kExemplarValue, "value", exemplar.value);
      if (exemplar.timestamp) {
        WriteInstant(inner, proto::kExemplarTimestamp, "timestamp", *exemplar.timestamp);
      }
    });
  }

  void WriteSummary(Sink& sink, const Metric& metric, const Summary& summary) const {
    sink.Unsigned(proto::kSummaryCount, "sample_count", static_cast<std::uint64_t>(summary.count));
    sink.Double(proto::kSummarySum, "sample_sum", summary.sum);
    for (const Quantile& quantile : summary.quantiles) {
      sink.Message(proto::kQuantile, "quantile", [&](Sink& inner) {
        inner.Double(proto::kQuantileRank, "quantile", quantile.quantile);
        inner.Double(proto::kQuantileValue, "value", quantile.value);
      });
    }
    WriteCreated(sink, proto::kSummaryCreated, metric);
  }

  void WriteHistogram(Sink& sink, const Metric& metric, const Histogram& histogram) const {
    const bool is_whole = HasWholeCounts(histogram);
    WriteCount(sink, is_whole, histogram.count,
               {proto::kCount, "sample_count", proto::kCountFloat, "sample_count_float"});
    sink.Double(proto::kSum, "sample_sum", histogram.sum);
    for (const Bucket& bucket : histogram.buckets) {
      sink.Message(proto::kBucket, "bucket", [&](Sink& inner) {
        WriteCount(inner, is_whole, bucket.cumulative_count,
                   {proto::kBucketCount, "cumulative_count", proto::kBucketCountFloat,
                    "cumulative_count_float"});
        inner.Double(proto::kUpperBound, "upper_bound", bucket.upper_bound);
        if (bucket.exemplar) {
          WriteExemplar(inner, proto::kBucketExemplar, "exemplar", *bucket.exemplar);
        }
      });
    }
    if (histogram.native) WriteNative(sink, is_whole, histogram.native->histogram);
    WriteCreated(sink, proto::kHistogramCreated, metric);
    if (!histogram.native) return;
    for (const MetricExemplar& exemplar : histogram.native->exemplars) {
      WriteExemplar(sink, proto::kNativeExemplar, "exemplars", exemplar);
    }
  }

  struct CountFields {
    std::uint32_t whole;
    std::string_view whole_name;
    std::uint32_t fraction;
    std::string_view fraction_name;
  };
  void WriteCount(Sink& sink, bool is_whole, double count, CountFields fields) const {
    if (is_whole) {
      sink.Unsigned(fields.whole, fields.whole_name, static_cast<std::uint64_t>(count));
    } else {
      sink.Double(fields.fraction, fields.fraction_name, count);
    }
  }

  void WriteNative(Sink& sink, bool is_whole, const FloatHistogram& native) const {
    sink.Zigzag(proto::kSchema, "schema", native.schema);
    sink.Double(proto::kZeroThreshold, "zero_threshold", native.zero_threshold);
    WriteCount(sink, is_whole, native.zero_count,
               {proto::kZeroCount, "zero_count", proto::kZeroCountFloat, "zero_count_float"});
    WriteSpans(sink, proto::kNegativeSpan, "negative_span", native.negative_spans);
    if (is_whole) {
      sink.Zigzags(proto::kNegativeDelta, "negative_delta", Differences(native.negative_buckets));
    } else {
      sink.Doubles(proto::kNegativeCount, "negative_count", native.negative_buckets);
    }
    // A reader knows a native histogram by its spans, its zero count or its zero threshold.
    const bool is_unknowable = native.positive_spans.empty() && native.negative_spans.empty() &&
                               native.zero_threshold == 0 && native.zero_count == 0;
    WriteSpans(sink, proto::kPositiveSpan, "positive_span",
               is_unknowable ? std::vector<HistogramSpan>(1) : native.positive_spans);
    if (is_whole) {
      sink.Zigzags(proto::kPositiveDelta, "positive_delta", Differences(native.positive_buckets));
    } else {
      sink.Doubles(proto::kPositiveCount, "positive_count", native.positive_buckets);
    }
  }

  void WriteSpans(Sink& sink, std::uint32_t field, std::string_view name,
                  const std::vector<HistogramSpan>& spans) const {
    for (const HistogramSpan& span : spans) {
      sink.Message(field, name, [&](Sink& inner) {
        inner.Zigzag(proto::kOffset, "offset", span.offset);
        inner.Unsigned(proto::kLength, "length", span.length);
      });
    }
  }

  const MetricFamily& family_;
  const WriteOptions& options_;
};

}  // namespace

void WriteFamilyAsProtobuf(std::string& out, std::string& message, const MetricFamily& family,
                           const WriteOptions& options, FamilyPart part) {
  if (options.protobuf_form == ProtobufForm::kDelimited) {
    if (part.is_first) message.clear();
    WireSink sink(message);
    FamilyMessage<WireSink>(family, options).Write(sink, part);
    if (part.is_last) PutLengthPrefixed(out, message);
    return;
  }
  const bool is_compact = options.protobuf_form == ProtobufForm::kCompactText;
  TextSink sink(out, is_compact ? TextSink::Lines::kOne : TextSink::Lines::kOnePerField);
  if (is_compact && !part.is_first && !family.metrics.empty()) out += ' ';
  FamilyMessage<TextSink>(family, options).Write(sink, part);
  if (part.is_last) out += '\n';
}

}  // namespace narthex::exposition
