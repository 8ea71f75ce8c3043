#include "load.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "base/number.h"
#include "model/duration.h"
#include "model/histogram_buckets.h"
#include "model/histogram_math.h"
#include "promql/series_description.h"

namespace narthex::script {
namespace {

using HistogramPtr = storage::MemoryStore::HistogramPtr;
using promql::DescribedValue;

constexpr std::string_view kBlanks = " \t\r";

Error LoadError(std::size_t line, std::string_view message) {
  return {ErrorCode::kInvalidArgument, fmt::format("line {}: {}", line, message)};
}

using StartOffsets = std::vector<std::optional<std::int64_t>>;

struct LoadedSeries {
  std::vector<DescribedValue> values;
  StartOffsets starts;  // empty, or as many
};
using SeriesMap = std::map<model::LabelSet, LoadedSeries>;

// A line of start timestamps, waiting for the line of their samples.
struct StartLine {
  std::size_t number = 0;
  model::LabelSet labels;
  StartOffsets starts;
};

Result<StartLine> ParseStartLine(const LoadCommand::Line& line, std::size_t blank) {
  StartLine out;
  out.number = line.number;
  const std::string_view labels = line.text.substr(0, blank - std::string_view("@st").size());
  auto description = promql::ParseSeriesDescription(fmt::format("{} _", labels));
  if (!description.ok()) return LoadError(line.number, description.error().message());
  out.labels = std::move(description->labels);
  auto starts = promql::ParseStartOffsets(line.text.substr(blank));
  if (!starts.ok()) return LoadError(line.number, starts.error().message());
  out.starts = std::move(starts).value();
  return out;
}

Result<SeriesMap> ParseSeries(const std::vector<LoadCommand::Line>& body) {
  SeriesMap series;
  std::optional<StartLine> pending;
  for (const LoadCommand::Line& line : body) {
    const std::size_t blank = std::min(line.text.find_first_of(kBlanks), line.text.size());
    if (line.text.substr(0, blank).ends_with("@st")) {
      if (pending) return LoadError(line.number, "@st line has no following sample line");
      NARTHEX_ASSIGN_OR_RETURN(pending, ParseStartLine(line, blank));
      continue;
    }
    auto description = promql::ParseSeriesDescription(line.text);
    if (!description.ok()) return LoadError(line.number, description.error().message());
    LoadedSeries loaded{std::move(description->values), {}};
    if (pending) {
      if (pending->labels != description->labels) {
        return LoadError(line.number, "@st line is of another series");
      }
      if (pending->starts.size() != loaded.values.size()) {
        return LoadError(line.number, "@st line has not as many values");
      }
      loaded.starts = std::move(pending->starts);
      pending.reset();
    }
    series[description->labels] = std::move(loaded);
  }
  if (pending) return LoadError(pending->number, "@st line has no following sample line");
  return series;
}

// Gives a histogram the hint that the reference's storage gives it: that knows only whether a chunk
// goes on, and what must not be in one chunk. Gauges stay gauges.
class ChunkHints {
 public:
  HistogramPtr Store(const HistogramPtr& histogram) {
    const bool is_continued = before_ != nullptr && Continues(*histogram, *before_);
    before_ = histogram;
    model::FloatHistogram stored = *histogram;
    if (stored.reset_hint != model::CounterResetHint::kGauge) {
      stored.reset_hint =
          is_continued ? model::CounterResetHint::kNotReset : model::CounterResetHint::kUnknown;
    }
    return std::make_shared<model::FloatHistogram>(std::move(stored));
  }
  // A float ends the chunk.
  void StoreFloat() { before_ = nullptr; }

 private:
  static bool Continues(model::FloatHistogram histogram, const model::FloatHistogram& before) {
    using Hint = model::CounterResetHint;
    const bool is_gauge = histogram.reset_hint == Hint::kGauge;
    if (is_gauge || before.reset_hint == Hint::kGauge || histogram.reset_hint == Hint::kReset) {
      return false;
    }
    if (model::IsStaleNan(histogram.sum) || model::IsStaleNan(before.sum)) {
      return model::IsStaleNan(histogram.sum);
    }
    if (histogram.schema != before.schema || histogram.zero_threshold != before.zero_threshold ||
        histogram.custom_values != before.custom_values) {
      return false;
    }
    histogram.reset_hint = Hint::kUnknown;
    return !model::IsReset(histogram, before);
  }

  HistogramPtr before_;
};

// The classic histograms of a load, by the label set of the native one and the time.
struct ClassicHistogram {
  std::map<double, double> buckets;  // cumulative
  std::optional<double> count;
  double sum = 0;
};
using ClassicHistograms = std::map<model::LabelSet, std::map<model::TimestampMs, ClassicHistogram>>;

// Null for what is no counter of a histogram.
Result<HistogramPtr> WithCustomBuckets(const ClassicHistogram& classic) {
  auto native = std::make_shared<model::FloatHistogram>();
  native->schema = model::kCustomBucketsSchema;
  native->sum = classic.sum;
  double below = 0;
  for (const auto& [bound, count] : classic.buckets) {
    if (count < below) return Error{ErrorCode::kInvalidArgument, "buckets are not cumulative"};
    native->positive_buckets.push_back(count - below);
    below = count;
    if (!std::isinf(bound)) native->custom_values.push_back(bound);
  }
  native->count = classic.count.value_or(below);
  const bool has_infinite = !classic.buckets.empty() && std::isinf(classic.buckets.rbegin()->first);
  if (!has_infinite) native->positive_buckets.push_back(native->count - below);
  if (has_infinite && native->count != below) {
    return Error{ErrorCode::kInvalidArgument, "count is not that of the last bucket"};
  }
  native->positive_spans = {{0, static_cast<std::uint32_t>(native->positive_buckets.size())}};
  model::Compact(*native);
  NARTHEX_TRY(model::Validate(*native));
  return HistogramPtr(std::move(native));
}

void CollectClassic(const model::LabelSet& labels, const LoadedSeries& series, std::int64_t step_ms,
                    ClassicHistograms& out) {
  const std::string_view name = labels.Get(model::kMetricName);
  std::string_view suffix;
  for (const std::string_view candidate : {"_bucket", "_count", "_sum"}) {
    if (name.ends_with(candidate)) suffix = candidate;
  }
  if (suffix.empty()) return;
  const auto bound = ParseDouble(labels.Get(model::kBucketLabel));
  if (suffix == "_bucket" && (!bound || std::isnan(*bound))) return;
  model::LabelSetBuilder base(labels);
  base.Set(model::kMetricName, name.substr(0, name.size() - suffix.size()));
  base.Remove(std::string(model::kBucketLabel));
  auto& by_time = out[base.Build()];
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const DescribedValue& value = series.values[i];
    if (value.kind != DescribedValue::Kind::kFloat) continue;
    ClassicHistogram& histogram = by_time[static_cast<std::int64_t>(i) * step_ms];
    if (suffix == "_bucket") histogram.buckets[*bound] = value.value;
    if (suffix == "_count") histogram.count = value.value;
    if (suffix == "_sum") histogram.sum = value.value;
  }
}

Status AddCustomBuckets(const SeriesMap& series, std::int64_t step_ms,
                        storage::MemoryStore& store) {
  ClassicHistograms all;
  for (const auto& [labels, loaded] : series) CollectClassic(labels, loaded, step_ms, all);
  for (const auto& [labels, by_time] : all) {
    ChunkHints hints;
    for (const auto& [timestamp, classic] : by_time) {
      NARTHEX_ASSIGN_OR_RETURN(const HistogramPtr native, WithCustomBuckets(classic));
      store.Append(labels, timestamp, hints.Store(native));
    }
  }
  return Ok();
}

void AddSeries(const model::LabelSet& labels, const LoadedSeries& series, std::int64_t step_ms,
               storage::MemoryStore& store) {
  ChunkHints hints;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const DescribedValue& value = series.values[i];
    const model::TimestampMs timestamp = static_cast<std::int64_t>(i) * step_ms;
    if (value.kind == DescribedValue::Kind::kOmitted) continue;
    if (value.kind == DescribedValue::Kind::kHistogram) {
      store.Append(labels, timestamp, hints.Store(value.histogram));
    } else {
      hints.StoreFloat();
      store.Append(labels, timestamp, value.value);
    }
    const bool has_start = i < series.starts.size() && series.starts[i].has_value();
    if (has_start) store.SetStart(labels, timestamp + *series.starts[i]);
  }
}

}  // namespace

Status LoadSeries(const LoadCommand& command, storage::MemoryStore& store) {
  if (command.body.empty()) return Ok();
  const auto step = model::ParseDuration(command.step);
  if (!step.ok()) return LoadError(command.body[0].number, step.error().message());
  NARTHEX_ASSIGN_OR_RETURN(const SeriesMap series, ParseSeries(command.body));
  const std::int64_t step_ms = step->count();
  for (const auto& [labels, loaded] : series) AddSeries(labels, loaded, step_ms, store);
  if (!command.adds_custom_buckets) return Ok();
  const Status status = AddCustomBuckets(series, step_ms, store);
  return status.ok() ? Ok() : LoadError(command.body[0].number, status.error().message());
}

}  // namespace narthex::script
