#include "histogram_converter.h"

#include <cmath>
#include <limits>

#include "base/number.h"
#include "model/histogram_buckets.h"

namespace narthex::exposition {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Empty buckets between two others that stay, rather than a span more. Source: Prometheus.
constexpr std::int32_t kEmptyBucketCountMax = 2;

}  // namespace

void CollectedHistogram::AddBucket(double upper_bound, double cumulative_count) {
  if (!buckets_.empty()) {
    const auto [last_bound, last_count] = buckets_.back();
    if (upper_bound == last_bound && cumulative_count == last_count) return;
    if (!(upper_bound > last_bound) || cumulative_count < last_count) is_in_order_ = false;
  }
  if (std::isnan(upper_bound) || !(cumulative_count >= 0)) is_in_order_ = false;
  buckets_.emplace_back(upper_bound, cumulative_count);
}

void CollectedHistogram::AddContext(const Entry& entry, std::vector<Exemplar> exemplars) {
  timestamp_ = entry.timestamp;
  if (entry.start_timestamp) start_timestamp_ = entry.start_timestamp;
  exemplars_.insert(exemplars_.end(), std::make_move_iterator(exemplars.begin()),
                    std::make_move_iterator(exemplars.end()));
}

std::optional<model::FloatHistogram> CollectedHistogram::Convert() const {
  if (!is_in_order_) return std::nullopt;
  auto buckets = buckets_;
  const double count = count_.value_or(buckets.empty() ? 0 : buckets.back().second);
  if (buckets.empty() || buckets.back().first != kInfinity) buckets.emplace_back(kInfinity, count);
  if (buckets.back().second != count) return std::nullopt;
  if (buckets.size() > 1 && count < buckets[buckets.size() - 2].second) return std::nullopt;

  model::FloatHistogram histogram;
  histogram.schema = model::kCustomBucketsSchema;
  histogram.count = count;
  histogram.sum = sum_;
  histogram.positive_spans = {{0, static_cast<std::uint32_t>(buckets.size())}};
  double before = 0;
  for (const auto& [bound, cumulative_count] : buckets) {
    histogram.positive_buckets.push_back(cumulative_count - before);
    before = cumulative_count;
    if (bound != kInfinity) histogram.custom_values.push_back(bound);
  }
  model::Compact(histogram, kEmptyBucketCountMax);
  return histogram;
}

Result<EntryKind> HistogramConverter::Next() {
  is_converted_ = false;
  if (held_) {
    const EntryKind kind = *held_;
    held_.reset();
    return kind;
  }
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const EntryKind kind, parser_.Next());
    NARTHEX_ASSIGN_OR_RETURN(const Sample sample,
                             kind == EntryKind::kSeries ? Classify() : Result<Sample>(Sample{}));
    if (kind == EntryKind::kType) {
      type_ = parser_.entry().type;
      typed_metric_ = parser_.entry().metric;
    }
    const bool is_part = sample.part != Part::kNone;
    const bool goes_on = is_part && collected_ && collected_->labels() == sample.labels;
    const bool is_finished = !goes_on && Finish();
    if (kind == EntryKind::kHistogram) {
      NARTHEX_ASSIGN_OR_RETURN(native_labels_, parser_.Labels());
    }
    if (is_part) Collect(sample);
    const bool is_shown = !is_part || keeps_classic_;
    if (is_finished) {
      if (is_shown) held_ = kind;
      is_converted_ = true;
      return EntryKind::kHistogram;
    }
    if (is_shown) return kind;
  }
}

Result<HistogramConverter::Sample> HistogramConverter::Classify() {
  if (type_ != model::MetricType::kHistogram) return Sample{};
  NARTHEX_ASSIGN_OR_RETURN(const model::LabelSet labels, parser_.Labels());
  std::string_view name = labels.Get(model::kMetricName);
  if (!name.starts_with(typed_metric_)) return Sample{};
  name.remove_prefix(typed_metric_.size());
  Sample sample;
  if (name == "_bucket") {
    const auto bound = ParseDouble(labels.Get(model::kBucketLabel));
    if (!bound) return Sample{};
    sample.part = Part::kBucket;
    sample.upper_bound = *bound;
  } else if (name == "_count") {
    sample.part = Part::kCount;
  } else if (name == "_sum") {
    sample.part = Part::kSum;
  } else {
    return Sample{};
  }
  model::LabelSetBuilder builder(labels);
  builder.Set(model::kMetricName, typed_metric_);
  if (sample.part == Part::kBucket) builder.Remove(model::kBucketLabel);
  sample.labels = builder.Build();
  return sample;
}

void HistogramConverter::Collect(const Sample& sample) {
  if (!collected_) collected_.emplace(sample.labels);
  const Entry& entry = parser_.entry();
  if (sample.part == Part::kBucket) collected_->AddBucket(sample.upper_bound, entry.value);
  if (sample.part == Part::kCount) collected_->SetCount(entry.value);
  if (sample.part == Part::kSum) collected_->SetSum(entry.value);
  collected_->AddContext(entry,
                         entry.has_exemplar ? parser_.GetExemplars() : std::vector<Exemplar>());
}

bool HistogramConverter::Finish() {
  if (!collected_) return false;
  CollectedHistogram collected = std::move(*collected_);
  collected_.reset();
  if (collected.labels() == native_labels_) return false;
  auto histogram = collected.Convert();
  if (!histogram) return false;
  histogram_ = std::move(*histogram);
  labels_ = collected.labels();
  exemplars_ = std::move(collected.exemplars());
  series_ = labels_.ToMetricString();
  entry_ = Entry();
  entry_.kind = EntryKind::kHistogram;
  entry_.series = series_;
  entry_.value = histogram_.sum;
  entry_.timestamp = collected.timestamp();
  entry_.start_timestamp = collected.start_timestamp();
  entry_.histogram = &histogram_;
  entry_.has_exemplar = !exemplars_.empty();
  return true;
}

Result<model::LabelSet> HistogramConverter::Labels() {
  if (is_converted_) return labels_;
  return parser_.Labels();
}

std::vector<Exemplar> HistogramConverter::GetExemplars() const {
  return is_converted_ ? exemplars_ : parser_.GetExemplars();
}

}  // namespace narthex::exposition
