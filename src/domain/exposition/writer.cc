#include "exposition/writer.h"

#include <cmath>
#include <limits>

#include "base/number.h"
#include "model/labels.h"
#include "number.h"

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

void AppendEscaped(std::string& out, std::string_view text, Quotes quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes == Quotes::kEscaped) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  AppendEscaped(out, text, Quotes::kEscaped);
  out += '"';
}

// One more label, which the metric does not have itself: le or quantile.
struct ExtraLabel {
  std::string_view name;
  double value = 0;
};

class FamilyWriter {
 public:
  FamilyWriter(std::string& out, const MetricFamily& family, const WriteOptions& options)
      : out_(out),
        family_(family),
        options_(options),
        is_open_metrics_(options.format == Format::kOpenMetrics),
        name_(model::EscapeName(family.name, options.escaping)) {}

  void Write() {
    WriteMetadata();
    for (const Metric& metric : family_.metrics) {
      if (const auto* histogram = std::get_if<ClassicHistogram>(&metric.value)) {
        WriteHistogram(metric, *histogram);
      } else if (const auto* summary = std::get_if<Summary>(&metric.value)) {
        WriteSummary(metric, *summary);
      } else {
        WriteValue(metric, std::get<double>(metric.value));
      }
    }
  }

 private:
  void WriteMetadata() {
    std::string_view name = name_;
    MetricType type = family_.type;
    if (is_open_metrics_ && type == MetricType::kCounter) {
      if (name.ends_with("_total")) {
        name.remove_suffix(6);
      } else {
        type = MetricType::kUnknown;
      }
    }
    base_name_ = name;
    if (!family_.help.empty()) {
      StartMetadata("# HELP ", name);
      AppendEscaped(out_, family_.help, is_open_metrics_ ? Quotes::kEscaped : Quotes::kPlain);
      out_ += '\n';
    }
    StartMetadata("# TYPE ", name);
    out_ += TypeWord(type, options_.format);
    out_ += '\n';
    if (is_open_metrics_ && !family_.unit.empty()) {
      StartMetadata("# UNIT ", name);
      out_ += family_.unit;
      out_ += '\n';
    }
  }

  void StartMetadata(std::string_view word, std::string_view name) {
    out_ += word;
    if (model::IsLegacyMetricName(name)) {
      out_ += name;
    } else {
      AppendQuoted(out_, name);
    }
    out_ += ' ';
  }

  void WriteValue(const Metric& metric, double value) {
    StartSample(name_, "", metric, nullptr);
    AppendFloat(value);
    EndSample(metric, metric.exemplar);
    if (family_.type == MetricType::kCounter && base_name_.size() < name_.size()) {
      WriteCreated(metric);
    }
  }

  void WriteHistogram(const Metric& metric, const ClassicHistogram& histogram) {
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
    StartSample(name_, "_bucket", metric, &extra);
    AppendCount(bucket.cumulative_count);
    EndSample(metric, bucket.exemplar);
  }

  void WriteSummary(const Metric& metric, const Summary& summary) {
    for (const Quantile& quantile : summary.quantiles) {
      const ExtraLabel extra{model::kQuantileLabel, quantile.quantile};
      StartSample(name_, "", metric, &extra);
      AppendFloat(quantile.value);
      EndSample(metric, std::nullopt);
    }
    WriteSumAndCount(metric, summary.sum, summary.count);
  }

  void WriteSumAndCount(const Metric& metric, double sum, double count) {
    StartSample(name_, "_sum", metric, nullptr);
    AppendFloat(sum);
    EndSample(metric, std::nullopt);
    StartSample(name_, "_count", metric, nullptr);
    AppendCount(count);
    EndSample(metric, std::nullopt);
    WriteCreated(metric);
  }

  void WriteCreated(const Metric& metric) {
    if (!is_open_metrics_ || !options_.with_created || !metric.created) return;
    StartSample(base_name_, "_created", metric, nullptr);
    AppendFloat(static_cast<double>(*metric.created) / 1000);
    out_ += '\n';
  }

  // Name, labels and the blank before the value.
  void StartSample(std::string_view name, std::string_view suffix, const Metric& metric,
                   const ExtraLabel* extra) {
    bool has_brace = false;
    const auto separate = [&] {
      out_ += has_brace ? ',' : '{';
      has_brace = true;
    };
    if (model::IsLegacyMetricName(name)) {
      out_ += name;
      out_ += suffix;
    } else {
      separate();
      AppendQuoted(out_, std::string(name).append(suffix));
    }
    for (const auto& [label_name, value] : metric.labels) {
      separate();
      AppendLabelName(label_name);
      out_ += '=';
      AppendQuoted(out_, value);
    }
    if (extra != nullptr) {
      separate();
      out_ += extra->name;
      out_ += "=\"";
      AppendFloat(extra->value);
      out_ += '"';
    }
    out_ += has_brace ? "} " : " ";
  }

  void AppendLabelName(std::string_view name) {
    if (model::IsLegacyLabelName(name)) {
      out_ += name;
      return;
    }
    const std::string escaped = model::EscapeName(name, options_.escaping);
    if (model::IsLegacyLabelName(escaped)) {
      out_ += escaped;
    } else {
      AppendQuoted(out_, escaped);
    }
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
    bool is_first = true;
    for (const auto& [name, value] : exemplar.labels) {
      if (!is_first) out_ += ',';
      is_first = false;
      AppendLabelName(name);
      out_ += '=';
      AppendQuoted(out_, value);
    }
    out_ += "} ";
    AppendFloat(exemplar.value);
    if (!exemplar.timestamp) return;
    out_ += ' ';
    AppendFloat(static_cast<double>(*exemplar.timestamp) / 1000);
  }

  void AppendFloat(double value) {
    if (is_open_metrics_) {
      out_ += FormatOpenMetricsFloat(value);
    } else {
      AppendDouble(out_, value);
    }
  }

  // Counts are whole but in families made from fractions of observations.
  void AppendCount(double count) {
    constexpr double kExactMax = 9007199254740992.0;  // 2^53
    if (count >= 0 && count <= kExactMax && count == std::floor(count)) {
      out_ += std::to_string(static_cast<std::uint64_t>(count));
    } else {
      AppendFloat(count);
    }
  }

  std::string& out_;
  const MetricFamily& family_;
  const WriteOptions& options_;
  bool is_open_metrics_;
  std::string name_;
  std::string_view base_name_;  // of name_, without the _total of a counter in OpenMetrics
};

}  // namespace

void WriteFamily(std::string& out, const MetricFamily& family, const WriteOptions& options) {
  FamilyWriter(out, family, options).Write();
}

void WriteEnd(std::string& out, Format format) {
  if (format == Format::kOpenMetrics) out += "# EOF\n";
}

}  // namespace narthex::exposition
