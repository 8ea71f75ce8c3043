#include <charconv>
#include <limits>

#include "base/number.h"
#include "family_writers.h"
#include "model/labels.h"
#include "text_pieces.h"

namespace narthex::exposition {
namespace {

using model::MetricType;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string_view TypeWord(MetricType type, Format format) {
  if (format == Format::kOpenMetrics) return model::MetricTypeText(type);
  switch (type) {
    case MetricType::kUnknown:
      return "untyped";
    case MetricType::kInfo:
    case MetricType::kStateSet:
      return "gauge";
    case MetricType::kGaugeHistogram:
      return "histogram";
    default:
      return model::MetricTypeText(type);
  }
}

// One more label, which the metric does not have itself: le or quantile.
struct ExtraLabel {
  std::string_view name;
  double value = 0;
};

class LineWriter {
 public:
  LineWriter(std::string& out, const MetricFamily& family, const WriteOptions& options)
      : out_(out),
        family_(family),
        options_(options),
        is_open_metrics_(options.format == Format::kOpenMetrics),
        name_(EscapedMetricName(family.name, options.escaping)),
        is_quoted_(!model::IsLegacyMetricName(name_)) {}

  void Write(FamilyPart part) {
    SetBaseName();
    if (part.is_first) WriteMetadata();
    for (const Metric& metric : family_.metrics) {
      SetLabels(metric.labels);
      if (const auto* histogram = std::get_if<Histogram>(&metric.value)) {
        WriteHistogram(metric, *histogram);
      } else if (const auto* summary = std::get_if<Summary>(&metric.value)) {
        WriteSummary(metric, *summary);
      } else {
        WriteValue(metric, std::get<double>(metric.value));
      }
    }
  }

 private:
  void SetLabels(const MetricLabels& labels) {
    if (const auto text = labels.text()) {
      labels_ = *text;
      return;
    }
    escaped_labels_.clear();
    AppendMetricLabels(escaped_labels_, labels, options_.escaping);
    labels_ = escaped_labels_;
  }

  // Of the family, as OpenMetrics names it and as the metadata have it.
  void SetBaseName() {
    std::string_view name = name_;
    type_ = family_.type;
    if (is_open_metrics_ && type_ == MetricType::kCounter) {
      if (name.ends_with("_total")) {
        name.remove_suffix(6);
      } else {
        type_ = MetricType::kUnknown;
      }
    }
    if (is_open_metrics_ && type_ == MetricType::kInfo && name.ends_with("_info")) {
      name.remove_suffix(5);
    }
    base_name_ = name;
  }

  void WriteMetadata() {
    if (!family_.help.empty()) {
      StartMetadata("# HELP ");
      AppendEscaped(out_, family_.help, is_open_metrics_ ? Quotes::kEscaped : Quotes::kPlain);
      out_ += '\n';
    }
    StartMetadata("# TYPE ");
    out_ += TypeWord(type_, options_.format);
    out_ += '\n';
    if (is_open_metrics_ && !family_.unit.empty()) {
      StartMetadata("# UNIT ");
      out_ += family_.unit;
      out_ += '\n';
    }
  }

  void StartMetadata(std::string_view word) {
    out_ += word;
    AppendMetricName(out_, base_name_);
    out_ += ' ';
  }

  void WriteValue(const Metric& metric, double value) {
    StartSample(name_, "", nullptr);
    AppendFloat(value);
    EndSample(metric, metric.exemplar);
    if (family_.type == MetricType::kCounter && base_name_.size() < name_.size()) {
      WriteCreated(metric);
    }
  }

  void WriteHistogram(const Metric& metric, const Histogram& histogram) {
    bool has_infinity = false;
    for (const Bucket& bucket : histogram.buckets) {
      WriteBucket(metric, bucket);
      has_infinity = has_infinity || bucket.upper_bound == kInfinity;
    }
    if (!has_infinity) WriteBucket(metric, {kInfinity, histogram.count, std::nullopt});
    WriteSumAndCount(metric, histogram.sum, histogram.count);
  }

  void WriteBucket(const Metric& metric, const Bucket& bucket) {
    const ExtraLabel extra{model::kBucketLabel, bucket.upper_bound};
    StartSample(name_, "_bucket", &extra);
    AppendCount(bucket.cumulative_count);
    EndSample(metric, bucket.exemplar);
  }

  void WriteSummary(const Metric& metric, const Summary& summary) {
    for (const Quantile& quantile : summary.quantiles) {
      const ExtraLabel extra{model::kQuantileLabel, quantile.quantile};
      StartSample(name_, "", &extra);
      AppendFloat(quantile.value);
      EndSample(metric, std::nullopt);
    }
    WriteSumAndCount(metric, summary.sum, summary.count);
  }

  void WriteSumAndCount(const Metric& metric, double sum, double count) {
    StartSample(name_, "_sum", nullptr);
    AppendFloat(sum);
    EndSample(metric, std::nullopt);
    StartSample(name_, "_count", nullptr);
    AppendCount(count);
    EndSample(metric, std::nullopt);
    WriteCreated(metric);
  }

  void WriteCreated(const Metric& metric) {
    if (!is_open_metrics_ || !options_.with_created || !metric.created) return;
    StartSample(base_name_, "_created", nullptr);
    AppendFloat(ToSeconds(*metric.created));
    out_ += '\n';
  }

  // Name, labels and the blank before the value.
  void StartSample(std::string_view name, std::string_view suffix, const ExtraLabel* extra) {
    if (is_quoted_) {
      out_ += '{';
      AppendQuoted(out_, std::string(name).append(suffix));
      if (!labels_.empty()) out_ += ',';
    } else {
      out_ += name;
      out_ += suffix;
      if (labels_.empty() && extra == nullptr) {
        out_ += ' ';
        return;
      }
      out_ += '{';
    }
    out_ += labels_;
    if (extra != nullptr) {
      if (is_quoted_ || !labels_.empty()) out_ += ',';
      out_ += extra->name;
      out_ += "=\"";
      AppendFloat(extra->value);
      out_ += '"';
    }
    out_ += "} ";
  }

  void EndSample(const Metric& metric, const std::optional<MetricExemplar>& exemplar) {
    if (metric.timestamp) {
      out_ += ' ';
      if (is_open_metrics_) {
        AppendDouble(out_, static_cast<double>(*metric.timestamp) / 1000);
      } else {
        out_ += std::to_string(*metric.timestamp);
      }
    }
    if (is_open_metrics_ && exemplar && !exemplar->labels.empty()) WriteExemplar(*exemplar);
    out_ += '\n';
  }

  void WriteExemplar(const MetricExemplar& exemplar) {
    out_ += " # {";
    AppendLabels(out_, exemplar.labels, options_.escaping);
    out_ += "} ";
    AppendFloat(exemplar.value);
    if (!exemplar.timestamp) return;
    out_ += ' ';
    AppendFloat(ToSeconds(*exemplar.timestamp));
  }

  void AppendFloat(double value) {
    if (is_open_metrics_) {
      AppendOpenMetricsFloat(out_, value);
    } else {
      AppendDouble(out_, value);
    }
  }

  // Counts are whole but in families made from fractions of observations.
  void AppendCount(double count) {
    if (!IsWholeCount(count)) return AppendFloat(count);
    char buffer[24];
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(count));
    out_.append(buffer, end.ptr);
  }

  std::string& out_;
  const MetricFamily& family_;
  const WriteOptions& options_;
  bool is_open_metrics_;
  std::string name_;
  bool is_quoted_;
  MetricType type_ = MetricType::kUnknown;
  std::string_view base_name_;  // of name_, without the _total or _info that OpenMetrics adds
  std::string_view labels_;     // of the metric being written, as text
  std::string escaped_labels_;
};

}  // namespace

void WriteFamilyAsLines(std::string& out, const MetricFamily& family, const WriteOptions& options,
                        FamilyPart part) {
  LineWriter(out, family, options).Write(part);
}

}  // namespace narthex::exposition
