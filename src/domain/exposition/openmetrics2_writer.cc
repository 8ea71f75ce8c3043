#include <limits>

#include "base/number.h"
#include "family_writers.h"
#include "model/labels.h"
#include "text_pieces.h"

namespace narthex::exposition {
namespace {

using model::FloatHistogram;
using model::HistogramSpan;
using model::MetricType;

// Source: OpenMetrics 2.0, release candidate; client-libraries.md FMT-5.
class OpenMetrics2Writer {
 public:
  OpenMetrics2Writer(std::string& out, const MetricFamily& family, const WriteOptions& options)
      : out_(out),
        family_(family),
        options_(options),
        name_(EscapedMetricName(family.name, options.escaping)) {}

  void Write(FamilyPart part) {
    if (part.is_first) WriteMetadata();
    for (const Metric& metric : family_.metrics) WriteMetric(metric);
  }

 private:
  void WriteMetadata() {
    if (!family_.help.empty()) {
      StartMetadata("# HELP ");
      AppendEscaped(out_, family_.help, Quotes::kEscaped);
      out_ += '\n';
    }
    StartMetadata("# TYPE ");
    out_ += model::MetricTypeText(family_.type);
    out_ += '\n';
    if (family_.unit.empty()) return;
    StartMetadata("# UNIT ");
    out_ += family_.unit;
    out_ += '\n';
  }

  void StartMetadata(std::string_view word) {
    out_ += word;
    AppendMetricName(out_, name_);
    out_ += ' ';
  }

  void WriteMetric(const Metric& metric) {
    const bool is_quoted = !model::IsLegacyMetricName(name_);
    if (is_quoted) {
      out_ += '{';
      AppendQuoted(out_, name_);
      if (!metric.labels.empty()) out_ += ',';
    } else {
      out_ += name_;
      if (!metric.labels.empty()) out_ += '{';
    }
    AppendMetricLabels(out_, metric.labels, options_.escaping);
    if (is_quoted || !metric.labels.empty()) out_ += '}';
    out_ += ' ';
    if (const auto* histogram = std::get_if<Histogram>(&metric.value)) {
      WriteHistogram(*histogram);
    } else if (const auto* summary = std::get_if<Summary>(&metric.value)) {
      WriteSummary(*summary);
    } else {
      AppendDouble(out_, std::get<double>(metric.value));
    }
    WriteTimes(metric);
    WriteExemplars(metric);
    out_ += '\n';
  }

  void WriteTimes(const Metric& metric) {
    if (metric.timestamp) {
      out_ += ' ';
      AppendSeconds(out_, std::chrono::milliseconds(*metric.timestamp));
    }
    if (metric.created) {
      out_ += " st@";
      AppendSeconds(out_, *metric.created);
    }
  }

  void WriteExemplars(const Metric& metric) {
    if (metric.exemplar) WriteExemplar(*metric.exemplar);
    const auto* histogram = std::get_if<Histogram>(&metric.value);
    if (histogram == nullptr) return;
    if (histogram->native && !histogram->native->exemplars.empty()) {
      for (const MetricExemplar& exemplar : histogram->native->exemplars) WriteExemplar(exemplar);
      return;
    }
    for (const Bucket& bucket : histogram->buckets) {
      if (bucket.exemplar) WriteExemplar(*bucket.exemplar);
    }
  }

  // The time is mandatory in this format.
  void WriteExemplar(const MetricExemplar& exemplar) {
    if (!exemplar.timestamp) return;
    out_ += " # {";
    AppendLabels(out_, exemplar.labels, options_.escaping);
    out_ += "} ";
    AppendDouble(out_, exemplar.value);
    out_ += ' ';
    AppendSeconds(out_, *exemplar.timestamp);
  }

  void WriteSummary(const Summary& summary) {
    Field("{count:", summary.count);
    Field(",sum:", summary.sum);
    out_ += ",quantile:[";
    bool is_first = true;
    for (const Quantile& quantile : summary.quantiles) {
      Field(is_first ? "" : ",", quantile.quantile);
      Field(":", quantile.value);
      is_first = false;
    }
    out_ += "]}";
  }

  void WriteHistogram(const Histogram& histogram) {
    const bool is_gauge = family_.type == MetricType::kGaugeHistogram;
    Field(is_gauge ? "{gcount:" : "{count:", histogram.count);
    Field(is_gauge ? ",gsum:" : ",sum:", histogram.sum);
    if (histogram.native) WriteNative(histogram.native->histogram);
    if (!histogram.native || !histogram.buckets.empty()) WriteBuckets(histogram);
    out_ += '}';
  }

  void WriteNative(const FloatHistogram& native) {
    out_ += ",schema:";
    out_ += std::to_string(native.schema);
    Field(",zero_threshold:", native.zero_threshold);
    Field(",zero_count:", native.zero_count);
    WriteSide("negative", native.negative_spans, native.negative_buckets);
    WriteSide("positive", native.positive_spans, native.positive_buckets);
  }

  void WriteSide(std::string_view side, const std::vector<HistogramSpan>& spans,
                 const std::vector<double>& buckets) {
    if (buckets.empty()) return;
    out_.append(",").append(side).append("_spans:[");
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (i > 0) out_ += ',';
      out_.append(std::to_string(spans[i].offset)).append(":");
      out_ += std::to_string(spans[i].length);
    }
    out_.append("],").append(side).append("_buckets:[");
    for (std::size_t i = 0; i < buckets.size(); ++i) Field(i > 0 ? "," : "", buckets[i]);
    out_ += ']';
  }

  void WriteBuckets(const Histogram& histogram) {
    out_ += ",bucket:[";
    bool has_infinity = false;
    for (const Bucket& bucket : histogram.buckets) {
      Field("", bucket.upper_bound);
      Field(":", bucket.cumulative_count);
      has_infinity = bucket.upper_bound == std::numeric_limits<double>::infinity();
      if (!has_infinity) out_ += ',';
    }
    if (!has_infinity) Field("+Inf:", histogram.count);
    out_ += ']';
  }

  void Field(std::string_view before, double value) {
    out_ += before;
    AppendDouble(out_, value);
  }

  std::string& out_;
  const MetricFamily& family_;
  const WriteOptions& options_;
  std::string name_;
};

}  // namespace

void WriteFamilyAsOpenMetrics2(std::string& out, const MetricFamily& family,
                               const WriteOptions& options, FamilyPart part) {
  OpenMetrics2Writer(out, family, options).Write(part);
}

}  // namespace narthex::exposition
