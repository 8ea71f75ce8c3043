#include "write_request.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "base/number.h"
#include "proto_message.h"

namespace narthex::exposer {
namespace {

using exposition::Histogram;
using exposition::Metric;
using exposition::MetricExemplar;
using exposition::MetricFamily;
using exposition::Summary;
using model::FloatHistogram;
using model::MetricType;

// In the order of Prometheus' MetricMetadata.MetricType.
std::uint64_t TypeNumber(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return 1;
    case MetricType::kGauge:
      return 2;
    case MetricType::kHistogram:
      return 3;
    case MetricType::kGaugeHistogram:
      return 4;
    case MetricType::kSummary:
      return 5;
    case MetricType::kInfo:
      return 6;
    case MetricType::kStateSet:
      return 7;
    case MetricType::kUnknown:
      break;
  }
  return 0;
}

TimestampMs Milliseconds(exposition::Instant instant) {
  return std::chrono::floor<std::chrono::milliseconds>(instant).count();
}

// With a fraction or exponent, as a server has it after a scrape: "1.0".
std::string BoundText(double bound) {
  std::string text = FormatDouble(bound);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

// One series with its one sample.
struct Series {
  client::Labels labels;  // by name, the metric's among them
  double value = 0;
  const Histogram* native = nullptr;  // in the place of `value`
  std::vector<const MetricExemplar*> exemplars = {};
  TimestampMs timestamp = 0;
  TimestampMs start = 0;  // 0: unknown
};

bool IsWhole(double count) { return count >= 0 && count < 0x1p53 && count == std::floor(count); }

bool HasWholeCounts(const Histogram& histogram) {
  const FloatHistogram& native = histogram.native->histogram;
  return IsWhole(histogram.count) && IsWhole(native.zero_count) &&
         std::all_of(native.positive_buckets.begin(), native.positive_buckets.end(), IsWhole) &&
         std::all_of(native.negative_buckets.begin(), native.negative_buckets.end(), IsWhole);
}

struct BucketFields {
  std::uint32_t spans;
  std::uint32_t deltas;
  std::uint32_t counts;
};

void WriteBuckets(ProtoMessage& message, const BucketFields& fields,
                  const std::vector<model::HistogramSpan>& spans, std::span<const double> counts,
                  bool is_whole) {
  for (const model::HistogramSpan& span : spans) {
    message.Message(fields.spans, [&](ProtoMessage& inner) {
      inner.Zigzag(1, span.offset);
      inner.Unsigned(2, span.length);
    });
  }
  std::string packed;
  std::int64_t last = 0;
  for (const double count : counts) {
    if (is_whole) {
      const auto whole = static_cast<std::int64_t>(count);
      PutSignedVarint(packed, whole - last);
      last = whole;
    } else {
      PutLittleEndian64(packed, std::bit_cast<std::uint64_t>(count));
    }
  }
  if (!packed.empty()) message.Bytes(is_whole ? fields.deltas : fields.counts, packed);
}

// The same fields in both versions, but for the start.
void WriteNative(ProtoMessage& message, const Series& series) {
  const Histogram& histogram = *series.native;
  const FloatHistogram& native = histogram.native->histogram;
  const bool is_whole = HasWholeCounts(histogram);
  if (is_whole) {
    message.Unsigned(1, static_cast<std::uint64_t>(histogram.count));
  } else {
    message.Double(2, histogram.count);
  }
  message.Double(3, histogram.sum);
  message.Zigzag(4, native.schema);
  message.Double(5, native.zero_threshold);
  if (is_whole) {
    message.Unsigned(6, static_cast<std::uint64_t>(native.zero_count));
  } else {
    message.Double(7, native.zero_count);
  }
  WriteBuckets(message, {8, 9, 10}, native.negative_spans, native.negative_buckets, is_whole);
  WriteBuckets(message, {11, 12, 13}, native.positive_spans, native.positive_buckets, is_whole);
  message.Integer(15, series.timestamp);
}

// One request under way.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void Add(const Series& series, const MetricFamily& family) = 0;
  virtual WriteRequestBody Take() = 0;
  std::size_t sample_count() const { return sample_count_; }

 protected:
  std::size_t sample_count_ = 0;
};

class EncoderV1 final : public Encoder {
 public:
  void Add(const Series& series, const MetricFamily& family) override {
    ++sample_count_;
    ProtoMessage request(bytes_);
    request.Message(1, [&](ProtoMessage& message) {
      WriteLabels(message, series.labels);
      if (series.native != nullptr) {
        message.Message(4, [&](ProtoMessage& inner) { WriteNative(inner, series); });
      } else {
        message.Message(2, [&](ProtoMessage& inner) {
          inner.Double(1, series.value);
          inner.Integer(2, series.timestamp);
        });
      }
      for (const MetricExemplar* exemplar : series.exemplars) {
        message.Message(3, [&](ProtoMessage& inner) {
          WriteLabels(inner, exemplar->labels);
          inner.Double(2, exemplar->value);
          inner.Integer(3, Milliseconds(*exemplar->timestamp));
        });
      }
    });
    AddMetadata(request, family);
  }

  WriteRequestBody Take() override { return {std::exchange(bytes_, {}), sample_count_}; }

 private:
  static void WriteLabels(ProtoMessage& message, const client::Labels& labels) {
    for (const auto& [name, value] : labels) {
      message.Message(1, [&](ProtoMessage& inner) {
        inner.Bytes(1, name);
        inner.Bytes(2, value);
      });
    }
  }

  // Once for each family: its series come one after another.
  void AddMetadata(ProtoMessage& request, const MetricFamily& family) {
    if (last_family_ == &family) return;
    last_family_ = &family;
    request.Message(3, [&](ProtoMessage& message) {
      message.Unsigned(1, TypeNumber(family.type));
      message.Bytes(2, family.name);
      message.Bytes(4, family.help);
      message.Bytes(5, family.unit);
    });
  }

  std::string bytes_;
  const MetricFamily* last_family_ = nullptr;
};

class EncoderV2 final : public Encoder {
 public:
  EncoderV2() { Symbol(""); }

  void Add(const Series& series, const MetricFamily& family) override {
    ++sample_count_;
    ProtoMessage(series_).Message(5, [&](ProtoMessage& message) {
      message.Bytes(1, Refs(series.labels));
      message.Message(series.native != nullptr ? 3 : 2, [&](ProtoMessage& inner) {
        if (series.native != nullptr) {
          WriteNative(inner, series);
          if (series.start != 0) inner.Integer(17, series.start);
          return;
        }
        inner.Double(1, series.value);
        inner.Integer(2, series.timestamp);
        if (series.start != 0) inner.Integer(3, series.start);
      });
      for (const MetricExemplar* exemplar : series.exemplars) {
        message.Message(4, [&](ProtoMessage& inner) {
          inner.Bytes(1, Refs(exemplar->labels));
          inner.Double(2, exemplar->value);
          inner.Integer(3, Milliseconds(*exemplar->timestamp));
        });
      }
      message.Message(5, [&](ProtoMessage& inner) {
        inner.Unsigned(1, TypeNumber(family.type));
        inner.Unsigned(3, Symbol(family.help));
        inner.Unsigned(4, Symbol(family.unit));
      });
      // Where drafts of the version have the start.
      if (series.start != 0) message.Integer(6, series.start);
    });
  }

  WriteRequestBody Take() override {
    std::string bytes;
    ProtoMessage request(bytes);
    for (const std::string_view symbol : symbols_) request.Bytes(4, symbol);
    return {bytes + series_, sample_count_};
  }

 private:
  std::uint32_t Symbol(std::string_view text) {
    const auto [place, is_new] =
        numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(symbols_.size()));
    if (is_new) symbols_.push_back(place->first);
    return place->second;
  }

  std::string Refs(const client::Labels& labels) {
    std::string packed;
    for (const auto& [name, value] : labels) {
      PutVarint(packed, Symbol(name));
      PutVarint(packed, Symbol(value));
    }
    return packed;
  }

  std::string series_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string_view> symbols_;  // of the keys of numbers_, which do not move
};

class Writer {
 public:
  explicit Writer(const WriteRequestOptions& options) : options_(options) { Begin(); }

  void Add(const MetricFamily& family) {
    family_ = &family;
    for (const Metric& metric : family.metrics) {
      metric_ = &metric;
      if (const auto* histogram = std::get_if<Histogram>(&metric.value)) {
        AddHistogram(*histogram);
      } else if (const auto* summary = std::get_if<Summary>(&metric.value)) {
        AddSummary(*summary);
      } else {
        AddSample("", std::get<double>(metric.value), {}, metric.exemplar);
      }
    }
  }

  std::vector<WriteRequestBody> Take() {
    if (encoder_->sample_count() > 0) bodies_.push_back(encoder_->Take());
    return std::move(bodies_);
  }

 private:
  using ExtraLabel = std::optional<std::pair<std::string, std::string>>;

  void Begin() {
    if (options_.version == RemoteWriteVersion::k1) {
      encoder_ = std::make_unique<EncoderV1>();
    } else {
      encoder_ = std::make_unique<EncoderV2>();
    }
  }

  Series NewSeries(std::string_view suffix, ExtraLabel extra) const {
    Series series;
    series.labels.emplace_back("__name__", family_->name + std::string(suffix));
    exposition::LabelReader labels(metric_->labels);
    while (labels.Next()) series.labels.emplace_back(labels.name(), labels.value());
    if (extra) series.labels.push_back(*std::move(extra));
    for (const auto& label : options_.external_labels) {
      const auto has_name = [&](const auto& other) { return other.first == label.first; };
      if (std::none_of(series.labels.begin(), series.labels.end(), has_name)) {
        series.labels.push_back(label);
      }
    }
    // A label without a value is none.
    std::erase_if(series.labels, [](const auto& label) { return label.second.empty(); });
    std::sort(series.labels.begin(), series.labels.end());
    series.timestamp = metric_->timestamp.value_or(options_.now);
    if (metric_->created) series.start = Milliseconds(*metric_->created);
    return series;
  }

  void Send(Series series) {
    std::erase_if(series.exemplars, [](const auto* exemplar) { return !exemplar->timestamp; });
    encoder_->Add(series, *family_);
    if (encoder_->sample_count() < options_.samples_per_request_max) return;
    bodies_.push_back(encoder_->Take());
    Begin();
  }

  void AddSample(std::string_view suffix, double value, ExtraLabel extra = {},
                 const std::optional<MetricExemplar>& exemplar = std::nullopt) {
    Series series = NewSeries(suffix, std::move(extra));
    series.value = value;
    if (exemplar) series.exemplars.push_back(&*exemplar);
    Send(std::move(series));
  }

  void AddHistogram(const Histogram& histogram) {
    if (histogram.native != nullptr) {
      Series series = NewSeries("", {});
      series.native = &histogram;
      for (const auto& exemplar : histogram.native->exemplars) {
        series.exemplars.push_back(&exemplar);
      }
      Send(std::move(series));
      if (histogram.buckets.empty()) return;
    }
    bool has_last = false;
    for (const exposition::Bucket& bucket : histogram.buckets) {
      has_last = bucket.upper_bound == INFINITY;
      AddSample("_bucket", bucket.cumulative_count, std::pair("le", BoundText(bucket.upper_bound)),
                bucket.exemplar);
    }
    if (!has_last) AddSample("_bucket", histogram.count, std::pair("le", "+Inf"));
    AddSample("_sum", histogram.sum);
    AddSample("_count", histogram.count);
  }

  void AddSummary(const Summary& summary) {
    for (const exposition::Quantile& quantile : summary.quantiles) {
      AddSample("", quantile.value, std::pair("quantile", BoundText(quantile.quantile)));
    }
    AddSample("_sum", summary.sum);
    AddSample("_count", summary.count);
  }

  const WriteRequestOptions& options_;
  std::unique_ptr<Encoder> encoder_;
  std::vector<WriteRequestBody> bodies_;
  // What is being added.
  const MetricFamily* family_ = nullptr;
  const Metric* metric_ = nullptr;
};

}  // namespace

std::vector<WriteRequestBody> EncodeWriteRequests(const std::vector<MetricFamily>& families,
                                                  const WriteRequestOptions& options) {
  Writer writer(options);
  for (const MetricFamily& family : families) writer.Add(family);
  return writer.Take();
}

}  // namespace narthex::exposer
