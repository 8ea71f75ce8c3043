#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/number.h"
#include "exposition/checker.h"
#include "model/exemplar_length.h"
#include "openmetrics_line.h"

namespace narthex::exposition {
namespace {

using model::LabelSet;
using model::MetricType;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// Behind the name of a family of this type; the first one is that of the values.
std::vector<std::string_view> Suffixes(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return {"_total", "_created"};
    case MetricType::kSummary:
      return {"", "_count", "_sum", "_created"};
    case MetricType::kHistogram:
      return {"_bucket", "_count", "_sum", "_created", ""};
    case MetricType::kGaugeHistogram:
      return {"_bucket", "_gcount", "_gsum", ""};
    case MetricType::kInfo:
      return {"_info"};
    default:
      return {""};
  }
}

bool IsHistogram(MetricType type) {
  return type == MetricType::kHistogram || type == MetricType::kGaugeHistogram;
}

bool IsWhole(double value) { return value == std::floor(value); }

// Bounds are written as numbers, infinity as +Inf and nothing else.
std::optional<double> ParseBound(std::string_view text) {
  if (text == "+Inf") return kInfinity;
  const auto bound = ParseDouble(text);
  if (!bound || std::isinf(*bound) || std::isnan(*bound)) return std::nullopt;
  return bound;
}

// The samples of one family that have the same labels but for le, quantile or the state.
class MetricChecker {
 public:
  explicit MetricChecker(MetricType type) : type_(type) {}

  Status Take(std::string_view suffix, const StrictSample& sample, const LabelSet& own_labels) {
    NARTHEX_TRY(CheckTime(sample));
    if (sample.is_composite) {
      has_composite_ = true;
      return Ok();
    }
    if (!seen_.insert({std::string(suffix), own_labels.ToString(), sample.timestamp_seconds})
             .second &&
        !sample.timestamp_seconds) {
      return Invalid("the same sample twice");
    }
    if (suffix == "_bucket") return TakeBucket(sample);
    if (suffix == "_count" || suffix == "_gcount") count_ = sample.value;
    if (suffix == "_sum" || suffix == "_gsum") sum_ = sample.value;
    return Ok();
  }

  Status Finish() const {
    if (!IsHistogram(type_)) return Ok();
    if (has_composite_ && !last_bound_ && !count_ && !sum_) return Ok();
    if (last_bound_ != kInfinity) return Invalid("the bucket for +Inf is missing");
    if (count_.has_value() != sum_.has_value() && !has_negative_bound_) {
      return Invalid("count and sum come together");
    }
    if (count_ && *count_ != last_count_) return Invalid("the count is not that of bucket +Inf");
    if (type_ == MetricType::kHistogram && sum_ && has_negative_bound_) {
      return Invalid("no sum where there are buckets below 0");
    }
    const bool is_below_zero = sum_ && *sum_ < 0 && !has_negative_bound_;
    if (is_below_zero) return Invalid("a sum below 0 without a bucket there");
    return Ok();
  }

 private:
  Status CheckTime(const StrictSample& sample) {
    if (is_first_) {
      is_first_ = false;
    } else if (sample.timestamp_seconds.has_value() != last_time_.has_value()) {
      return Invalid("some samples of a metric have a time, others do not");
    } else if (last_time_ && *sample.timestamp_seconds < *last_time_) {
      return Invalid("times go back");
    }
    last_time_ = sample.timestamp_seconds;
    return Ok();
  }

  Status TakeBucket(const StrictSample& sample) {
    const auto bound = ParseBound(sample.labels.Get(model::kBucketLabel));
    if (!bound) return Invalid("malformed or missing le");
    if (last_bound_ && *bound <= *last_bound_) return Invalid("bucket bounds must ascend");
    if (last_bound_ && sample.value < last_count_) return Invalid("bucket counts must not fall");
    last_bound_ = bound;
    last_count_ = sample.value;
    has_negative_bound_ = has_negative_bound_ || *bound < 0;
    return Ok();
  }

  const MetricType type_;
  bool is_first_ = true;
  std::optional<double> last_time_;
  std::set<std::tuple<std::string, std::string, std::optional<double>>> seen_;
  bool has_composite_ = false;
  std::optional<double> last_bound_;
  double last_count_ = 0;
  bool has_negative_bound_ = false;
  std::optional<double> count_;
  std::optional<double> sum_;
};

// What must hold of a value, whatever stands around it.
Status CheckValue(MetricType type, std::string_view suffix, double value) {
  if (suffix == "_created") return Ok();
  const bool is_count = suffix == "_bucket" || suffix == "_count" || suffix == "_gcount";
  const bool is_sum = suffix == "_sum" || suffix == "_gsum";
  switch (type) {
    case MetricType::kCounter:
      if (!(value >= 0)) return Invalid("a counter must not be negative or NaN");
      break;
    case MetricType::kSummary:
      if ((is_sum || is_count) && !(value >= 0)) return Invalid("negative or NaN");
      if (suffix.empty() && value < 0) return Invalid("a quantile must not be negative");
      break;
    case MetricType::kInfo:
      if (value != 1) return Invalid("the value of an info is 1");
      break;
    case MetricType::kStateSet:
      if (value != 0 && value != 1) return Invalid("the value of a state is 0 or 1");
      break;
    default:
      break;
  }
  if (IsHistogram(type) && is_sum && std::isnan(value)) return Invalid("a sum must not be NaN");
  const bool is_typed_count = is_count && (IsHistogram(type) || type == MetricType::kSummary);
  if (is_typed_count && (!(value >= 0) || !IsWhole(value))) {
    return Invalid("a count must be whole and not negative");
  }
  return Ok();
}

Status CheckExemplar(MetricType type, std::string_view suffix, const StrictSample& sample) {
  if (!sample.exemplar) return Ok();
  const bool may_have = (type == MetricType::kCounter && suffix == "_total") ||
                        (IsHistogram(type) && suffix == "_bucket");
  if (!may_have) return Invalid("exemplars belong to counters and buckets only");
  if (model::ExemplarLength(sample.exemplar->labels) > model::kExemplarLengthMax) {
    return Invalid("the labels of an exemplar are longer than 128 characters");
  }
  return Ok();
}

class Checker {
 public:
  Status Check(std::string_view body) {
    std::size_t number = 0;
    while (true) {
      ++number;
      const std::size_t end = body.find('\n');
      const std::string_view line = body.substr(0, end);
      const std::string_view rest =
          end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
      if (line == "# EOF") {
        if (!rest.empty()) return At(number, Invalid("something follows # EOF"));
        return At(number, EndFamily());
      }
      if (end == std::string_view::npos) return At(number, Invalid("# EOF is missing"));
      NARTHEX_TRY(At(number, TakeLine(line)));
      body = rest;
    }
  }

 private:
  static Status At(std::size_t number, Status status) {
    if (status.ok()) return status;
    return std::move(status).error().Under(fmt::format("line {}", number));
  }

  Status TakeLine(std::string_view line) {
    if (line.empty()) return Invalid("empty line");
    if (line.find('\r') != std::string_view::npos) return Invalid("carriage return");
    if (line.starts_with('#')) {
      NARTHEX_ASSIGN_OR_RETURN(const StrictMetadata metadata, ParseStrictMetadata(line));
      return TakeMetadata(metadata);
    }
    NARTHEX_ASSIGN_OR_RETURN(const StrictSample sample, ParseStrictSample(line));
    return TakeSample(sample);
  }

  Status TakeMetadata(const StrictMetadata& metadata) {
    if (!has_family_ || metadata.name != family_) NARTHEX_TRY(BeginFamily(metadata.name));
    if (has_samples_) return Invalid("metadata behind the samples of its family");
    if (!words_.insert(metadata.word).second) return Invalid("the same metadata twice");
    if (metadata.word == StrictMetadata::Word::kType) {
      const auto type = model::ParseMetricType(metadata.text);
      if (!type) return Invalid("unknown type");
      type_ = *type;
    }
    if (metadata.word == StrictMetadata::Word::kUnit) has_unit_ = !metadata.text.empty();
    return Ok();
  }

  Status BeginFamily(std::string name) {
    NARTHEX_TRY(EndFamily());
    has_family_ = true;
    family_ = std::move(name);
    type_ = MetricType::kUnknown;
    has_unit_ = false;
    has_samples_ = false;
    words_.clear();
    metric_.reset();
    past_metrics_.clear();
    return Ok();
  }

  Status EndFamily() {
    if (!has_family_) return Ok();
    if (has_unit_ && (type_ == MetricType::kInfo || type_ == MetricType::kStateSet)) {
      return Invalid("info and stateset have no unit");
    }
    // The name alone belongs to a family of any type.
    std::set<std::string> names = {family_};
    for (const std::string_view suffix : Suffixes(type_)) {
      names.insert(std::string(family_).append(suffix));
    }
    for (const std::string& name : names) {
      if (!taken_names_.insert(name).second) {
        return Invalid(fmt::format("{} belongs to another family already", name));
      }
    }
    return EndMetric();
  }

  Status EndMetric() {
    if (!metric_) return Ok();
    const Status status = metric_->Finish();
    metric_.reset();
    return status;
  }

  std::optional<std::string_view> SuffixOf(std::string_view name) const {
    if (!has_family_ || !name.starts_with(family_)) return std::nullopt;
    name.remove_prefix(family_.size());
    for (const std::string_view suffix : Suffixes(type_)) {
      if (name == suffix) return suffix;
    }
    return std::nullopt;
  }

  Status TakeSample(const StrictSample& sample) {
    auto suffix = SuffixOf(sample.name);
    if (!suffix) {
      NARTHEX_TRY(BeginFamily(sample.name));
      suffix = "";
    }
    has_samples_ = true;
    if (IsHistogram(type_) && suffix->empty() != sample.is_composite) {
      return Invalid("a value that does not fit its name");
    }
    if (sample.is_composite && !IsHistogram(type_)) return Invalid("not a histogram");
    if (!sample.is_composite) NARTHEX_TRY(CheckValue(type_, *suffix, sample.value));
    NARTHEX_TRY(CheckExemplar(type_, *suffix, sample));
    NARTHEX_ASSIGN_OR_RETURN(const LabelSet labels, MetricLabels(*suffix, sample));
    const std::string key = labels.ToString();
    if (!metric_ || key != metric_key_) {
      NARTHEX_TRY(EndMetric());
      if (!past_metrics_.insert(key).second) return Invalid("samples of metrics are interleaved");
      metric_.emplace(type_);
      metric_key_ = key;
    }
    return metric_->Take(*suffix, sample, sample.labels);
  }

  // The labels that all samples of the metric have.
  Result<LabelSet> MetricLabels(std::string_view suffix, const StrictSample& sample) const {
    const std::string bucket(model::kBucketLabel);
    const std::string quantile(model::kQuantileLabel);
    if (suffix == "_bucket") return sample.labels.Drop(std::span(&bucket, 1));
    if (type_ == MetricType::kStateSet) {
      if (!sample.labels.Has(family_)) return Invalid("a state needs the label of its family");
      return sample.labels.Drop(std::span(&family_, 1));
    }
    if (type_ != MetricType::kSummary || !suffix.empty()) return sample.labels;
    const auto rank = ParseDouble(sample.labels.Get(quantile));
    if (!rank || !(*rank >= 0 && *rank <= 1)) return Invalid("malformed or missing quantile");
    return sample.labels.Drop(std::span(&quantile, 1));
  }

  std::set<std::string> taken_names_;

  bool has_family_ = false;
  std::string family_;
  MetricType type_ = MetricType::kUnknown;
  bool has_unit_ = false;
  bool has_samples_ = false;
  std::set<StrictMetadata::Word> words_;
  std::set<std::string> past_metrics_;
  std::string metric_key_;
  std::optional<MetricChecker> metric_;
};

}  // namespace

Status CheckOpenMetrics(std::string_view body) { return Checker().Check(body); }

}  // namespace narthex::exposition
