#include "protobuf_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "model/labels.h"
#include "model/sample.h"
#include "number.h"

namespace narthex::exposition {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

TimestampMs ToMilliseconds(Instant instant) {
  return std::chrono::floor<std::chrono::milliseconds>(instant).count();
}

Result<model::MetricType> ToType(proto::Type type) {
  switch (type) {
    case proto::Type::kCounter:
      return model::MetricType::kCounter;
    case proto::Type::kGauge:
      return model::MetricType::kGauge;
    case proto::Type::kSummary:
      return model::MetricType::kSummary;
    case proto::Type::kUntyped:
      return model::MetricType::kUnknown;
    case proto::Type::kHistogram:
      return model::MetricType::kHistogram;
    case proto::Type::kGaugeHistogram:
      return model::MetricType::kGaugeHistogram;
  }
  return Invalid(fmt::format("unknown metric type {}", static_cast<int>(type)));
}

double WithNormalNan(double value) {
  return std::isnan(value) ? std::bit_cast<double>(model::kNormalNanBits) : value;
}

Exemplar ToExemplar(const SentExemplar& sent) {
  std::vector<model::Label> labels;
  for (const SentLabel& label : sent.labels) labels.push_back({label.name, label.value});
  Exemplar exemplar;
  exemplar.labels = model::LabelSet::From(labels);
  exemplar.value = sent.value;
  if (sent.timestamp) exemplar.timestamp = ToMilliseconds(*sent.timestamp);
  return exemplar;
}

Status CheckLabels(const std::vector<SentLabel>& labels) {
  for (const SentLabel& label : labels) {
    if (!model::IsValidLabelName(label.name, model::NameValidation::kUtf8)) {
      return Invalid(fmt::format("invalid label name: {}", model::Quote(label.name)));
    }
    if (!model::IsUtf8(label.value)) {
      return Invalid(fmt::format("invalid UTF-8 label value: {}", model::Quote(label.value)));
    }
  }
  return Ok();
}

}  // namespace

Result<EntryKind> ProtobufReader::Next() {
  entry_.timestamp.reset();
  entry_.start_timestamp.reset();
  entry_.histogram = nullptr;
  entry_.has_exemplar = false;
  while (true) {
    switch (step_) {
      case Step::kDone:
        if (offset_ >= body_.size()) return entry_.kind = EntryKind::kEnd;
        NARTHEX_TRY(ReadFamily());
        step_ = Step::kHelp;
        break;
      case Step::kHelp:
        step_ = Step::kUnit;
        if (family_.help.empty()) break;
        entry_.text = family_.help;
        return entry_.kind = EntryKind::kHelp;
      case Step::kUnit:
        step_ = Step::kType;
        if (family_.unit.empty()) break;
        entry_.text = family_.unit;
        return entry_.kind = EntryKind::kUnit;
      case Step::kType:
        step_ = Step::kMetrics;
        return entry_.kind = EntryKind::kType;
      case Step::kMetrics: {
        NARTHEX_ASSIGN_OR_RETURN(const bool has_row, ReadMetric());
        if (!has_row) {
          step_ = Step::kDone;
          break;
        }
        NARTHEX_TRY(TakeRow());
        return entry_.kind;
      }
    }
  }
}

Status ProtobufReader::ReadFamily() {
  ByteReader reader(body_.substr(offset_));
  const auto message = reader.ReadLengthPrefixed();
  if (!message) return Invalid("message is longer than the body, or its size is malformed");
  offset_ += reader.offset();
  NARTHEX_ASSIGN_OR_RETURN(family_, DecodeFamily(*message));
  if (!model::IsValidMetricName(family_.name, model::NameValidation::kUtf8)) {
    return Invalid(fmt::format("invalid metric name: {}", model::Quote(family_.name)));
  }
  if (!model::IsUtf8(family_.help)) {
    return Invalid(
        fmt::format("invalid help for metric {}: not UTF-8", model::Quote(family_.name)));
  }
  NARTHEX_ASSIGN_OR_RETURN(entry_.type, ToType(family_.type));
  entry_.metric = family_.name;
  next_metric_ = 0;
  rows_.clear();
  next_row_ = 0;
  return Ok();
}

// Until there is a row to take; false if the family has none left.
Result<bool> ProtobufReader::ReadMetric() {
  while (next_row_ >= rows_.size()) {
    if (next_metric_ >= family_.metrics.size()) return false;
    auto metric = DecodeMetric(family_.metrics[next_metric_++]);
    if (!metric.ok()) {
      return std::move(metric).error().Under(fmt::format("metric {}", model::Quote(family_.name)));
    }
    metric_ = std::move(*metric);
    NARTHEX_TRY(CheckLabels(metric_.labels));
    rows_.clear();
    next_row_ = 0;
    AddRows();
  }
  return true;
}

void ProtobufReader::AddRows() {
  switch (family_.type) {
    case proto::Type::kSummary:
      if (!metric_.summary) return;
      rows_.push_back({.suffix = "_count", .value = metric_.summary->count});
      rows_.push_back({.suffix = "_sum", .value = metric_.summary->sum});
      for (const Quantile& quantile : metric_.summary->quantiles) {
        rows_.push_back({.extra_name = model::kQuantileLabel,
                         .extra = quantile.quantile,
                         .value = quantile.value});
      }
      return;
    case proto::Type::kHistogram:
    case proto::Type::kGaugeHistogram:
      if (metric_.histogram) AddHistogramRows(*metric_.histogram);
      return;
    default:
      if (!metric_.number) return;
      rows_.push_back(
          {.value = *metric_.number, .exemplar = metric_.exemplar ? &*metric_.exemplar : nullptr});
  }
}

void ProtobufReader::AddHistogramRows(const SentHistogram& histogram) {
  const bool takes_native = histogram.is_native && options_.keeps_native;
  if (takes_native) rows_.push_back({.value = histogram.native.sum, .is_native = true});
  const bool is_native_only = takes_native && histogram.buckets.empty();
  if (takes_native && (!options_.keeps_classic || is_native_only)) return;
  rows_.push_back({.suffix = "_count", .value = histogram.native.count});
  rows_.push_back({.suffix = "_sum", .value = histogram.native.sum});
  bool has_infinity = false;
  for (const SentBucket& bucket : histogram.buckets) {
    rows_.push_back({.suffix = "_bucket",
                     .extra_name = model::kBucketLabel,
                     .extra = bucket.upper_bound,
                     .value = bucket.cumulative_count,
                     .exemplar = bucket.exemplar ? &*bucket.exemplar : nullptr});
    has_infinity = has_infinity || bucket.upper_bound == kInfinity;
  }
  if (has_infinity) return;
  rows_.push_back({.suffix = "_bucket",
                   .extra_name = model::kBucketLabel,
                   .extra = kInfinity,
                   .value = histogram.native.count});
}

Status ProtobufReader::TakeRow() {
  const Row& row = rows_[next_row_++];
  extra_text_.clear();
  if (!row.extra_name.empty()) extra_text_ = FormatOpenMetricsFloat(row.extra);
  SetSeries(row);
  entry_.kind = row.is_native ? EntryKind::kHistogram : EntryKind::kSeries;
  entry_.value = WithNormalNan(row.value);
  entry_.timestamp = metric_.timestamp;
  if (metric_.created) entry_.start_timestamp = ToMilliseconds(*metric_.created);
  if (row.is_native) {
    entry_.histogram = &metric_.histogram->native;
    if (family_.type == proto::Type::kGaugeHistogram) {
      metric_.histogram->native.reset_hint = model::CounterResetHint::kGauge;
    }
  }
  exemplars_ = ToExemplars(row);
  entry_.has_exemplar = !exemplars_.empty();
  return Ok();
}

// Those of a native histogram must have a time, since nothing else would order them.
std::vector<Exemplar> ProtobufReader::ToExemplars(const Row& row) const {
  std::vector<Exemplar> exemplars;
  if (!row.is_native) {
    if (row.exemplar != nullptr) exemplars.push_back(ToExemplar(*row.exemplar));
    return exemplars;
  }
  const auto add = [&exemplars](const SentExemplar& sent) {
    if (sent.timestamp) exemplars.push_back(ToExemplar(sent));
  };
  const SentHistogram& histogram = *metric_.histogram;
  for (const SentExemplar& sent : histogram.exemplars) add(sent);
  if (!histogram.exemplars.empty()) return exemplars;
  for (const SentBucket& bucket : histogram.buckets) {
    if (bucket.exemplar) add(*bucket.exemplar);
  }
  return exemplars;
}

// Name, suffix, number and labels, each behind its size: no two series have the same bytes.
void ProtobufReader::SetSeries(const Row& row) {
  series_.clear();
  PutLengthPrefixed(series_, family_.name);
  PutLengthPrefixed(series_, row.suffix);
  PutLengthPrefixed(series_, extra_text_);
  for (const SentLabel& label : metric_.labels) {
    PutLengthPrefixed(series_, label.name);
    PutLengthPrefixed(series_, label.value);
  }
  // Of one metric the native histogram comes apart from the series that has its name alone.
  if (row.is_native) series_ += '\xff';
  entry_.series = series_;
}

Result<model::LabelSet> ProtobufReader::Labels() const {
  const Row& row = rows_[next_row_ - 1];
  const std::string name = std::string(family_.name).append(row.suffix);
  std::vector<model::Label> labels;
  labels.reserve(metric_.labels.size() + 4);
  labels.push_back({model::kMetricName, name});
  if (!row.extra_name.empty()) labels.push_back({row.extra_name, extra_text_});
  if (options_.with_type_and_unit) {
    if (entry_.type != model::MetricType::kUnknown) {
      labels.push_back({model::kTypeLabel, model::MetricTypeText(entry_.type)});
    }
    if (!family_.unit.empty()) labels.push_back({model::kUnitLabel, family_.unit});
  }
  for (const SentLabel& label : metric_.labels) labels.push_back({label.name, label.value});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (labels[i].name != labels[j].name) continue;
      return Invalid(
          fmt::format("label name \"{}\" is not unique: invalid sample", labels[i].name));
    }
  }
  return model::LabelSet::From(labels);
}

}  // namespace narthex::exposition
