// Which samples of a batch a head takes.
#include <algorithm>

#include "counters.h"
#include "head/head.h"
#include "series_table.h"

namespace narthex::head {
namespace {

enum class Verdict {
  kNewer,
  kRepeat,
  kLate,
  kDuplicate,
  kOutOfOrder,
  kOutOfBounds,
  kTooOld,
};

struct Bounds {
  TimestampMs in_order = 0;  // the oldest that may follow the newest of its series
  TimestampMs late = 0;      // the oldest that may come late
  bool takes_late = false;
};

// The newest sample of a series, those before it in the batch included.
struct Newest {
  TimestampMs time = 0;
  double value = 0;
  const model::FloatHistogram* histogram = nullptr;
};

bool SameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) { return model::SameBits(x, y); });
}

// What is known of a reset is no part of the value: two sources of one series may differ in it.
bool IsSame(const model::FloatHistogram& a, const model::FloatHistogram& b) {
  return a.schema == b.schema && model::SameBits(a.zero_threshold, b.zero_threshold) &&
         model::SameBits(a.zero_count, b.zero_count) && model::SameBits(a.count, b.count) &&
         model::SameBits(a.sum, b.sum) && a.positive_spans == b.positive_spans &&
         a.negative_spans == b.negative_spans && SameBits(a.positive_buckets, b.positive_buckets) &&
         SameBits(a.negative_buckets, b.negative_buckets) &&
         SameBits(a.custom_values, b.custom_values);
}

bool IsRepeat(const Newest& newest, double value, const model::FloatHistogram* histogram) {
  if ((histogram == nullptr) != (newest.histogram == nullptr)) return false;
  return histogram == nullptr ? model::SameBits(newest.value, value)
                              : IsSame(*newest.histogram, *histogram);
}

Verdict Judge(const Bounds& bounds, TimestampMs time, TimestampMs newest) {
  if (time >= bounds.in_order) {
    if (time > newest) return Verdict::kNewer;
    if (time == newest) return Verdict::kRepeat;
  }
  if (bounds.takes_late) return time >= bounds.late ? Verdict::kLate : Verdict::kTooOld;
  return time < bounds.in_order ? Verdict::kOutOfBounds : Verdict::kOutOfOrder;
}

// Whether samples of floats at these times simply follow the newest one of their series.
bool FollowOn(const Bounds& bounds, std::span<const TimestampMs> times, const Series& series) {
  return series.newest_histogram() == nullptr && series.newest_start() == 0 &&
         Judge(bounds, times.front(), series.newest_time) == Verdict::kNewer &&
         std::ranges::adjacent_find(times, std::ranges::greater_equal()) == times.end();
}

// Source: Prometheus, where an end is marked by a float even if the series is of histograms.
const HistogramPtr& StaleHistogram() {
  static const HistogramPtr stale = [] {
    auto histogram = std::make_shared<model::FloatHistogram>();
    histogram->sum = model::StaleNan();
    return histogram;
  }();
  return stale;
}

void Count(Verdict verdict, storage::AppendOutcome& outcome) {
  switch (verdict) {
    case Verdict::kNewer:
    case Verdict::kRepeat:
    case Verdict::kLate:
      ++outcome.appended_count;
      break;
    case Verdict::kDuplicate:
      ++outcome.duplicate_count;
      break;
    case Verdict::kOutOfOrder:
      ++outcome.out_of_order_count;
      break;
    case Verdict::kOutOfBounds:
      ++outcome.out_of_bounds_count;
      break;
    case Verdict::kTooOld:
      ++outcome.too_old_count;
      break;
  }
}

}  // namespace

// One batch on its way.
struct Head::Checking {
  const storage::Batch& batch;
  const Bounds bounds;
  Accepted& accepted;
  storage::AppendOutcome& outcome;
};

void Head::CheckSample(const Checking& checking, std::size_t i, Series& series) {
  const auto& [batch, bounds, accepted, outcome] = checking;
  Newest newest{series.newest_time, series.newest_value, series.newest_histogram()};
  if (const Accepted::Row* before = accepted.RowOf(series)) {
    const std::size_t last = before->end - 1;
    newest = {accepted.times[last], accepted.values[last],
              accepted.histograms.empty() ? nullptr : accepted.histograms[last].get()};
  }
  model::Sample sample{batch.timestamps.empty() ? batch.timestamp : batch.timestamps[i],
                       batch.values[i]};
  HistogramPtr histogram;
  if (!batch.histograms.empty() && batch.histograms[i] != nullptr) {
    histogram = std::make_shared<const model::FloatHistogram>(*batch.histograms[i]);
  } else if (newest.histogram != nullptr && model::IsStaleNan(sample.value)) {
    histogram = StaleHistogram();
  }
  if (histogram != nullptr) sample.value = histogram->sum;

  Verdict verdict = Judge(bounds, sample.timestamp, newest.time);
  if (verdict == Verdict::kRepeat && !IsRepeat(newest, sample.value, histogram.get())) {
    verdict = Verdict::kDuplicate;
  }
  if (verdict != Verdict::kNewer && batch.passes_over_old) return;
  Count(verdict, outcome);
  if (verdict == Verdict::kLate) {
    accepted.late.push_back({&series, {series.id, sample.timestamp, sample.value, histogram}});
  }
  if (verdict != Verdict::kNewer) return;
  if (!model::IsStaleNan(sample.value)) {
    accepted.AddStart(series, sample.timestamp,
                      batch.start_timestamps.empty() ? 0 : batch.start_timestamps[i]);
  }
  accepted.Add(series, batch.series[i], sample, std::move(histogram));
}

void Head::FindRows(const storage::Batch& batch, Accepted& accepted) const {
  std::vector<Accepted::Row>& rows = accepted.batch_rows;
  rows.clear();
  ReaderLock lock(index_mutex_);
  const std::span<const storage::SeriesRef> refs = batch.series;
  for (std::size_t begin = 0; begin < refs.size();) {
    std::size_t end = begin + 1;
    while (end < refs.size() && refs[end] == refs[begin]) ++end;
    rows.push_back({table_->Find(refs[begin]), static_cast<std::uint32_t>(begin),
                    static_cast<std::uint32_t>(end)});
    begin = end;
  }
}

storage::AppendOutcome Head::Check(const storage::Batch& batch, Accepted& accepted) {
  accepted.StartPart(batch.group);
  FindRows(batch, accepted);
  storage::AppendOutcome outcome;
  const TimestampMs window = out_of_order_window_ms_.load(std::memory_order_relaxed);
  const Checking checking{
      batch, {OldestAccepted(), NewestLess(window), window > 0}, accepted, outcome};
  const bool is_plain = batch.histograms.empty() && batch.start_timestamps.empty();
  const std::vector<Accepted::Row>& rows = accepted.batch_rows;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (row + kPrefetchDistance < rows.size()) Prefetch(rows[row + kPrefetchDistance].series);
    const auto& [series, begin, end] = rows[row];
    if (series == nullptr) {
      for (std::size_t i = begin; i < end; ++i) outcome.unknown_series.push_back(i);
      continue;
    }
    series->tail.Prefetch();
    const std::size_t count = end - begin;
    const auto times = batch.timestamps.empty() ? std::span(&batch.timestamp, 1)
                                                : batch.timestamps.subspan(begin, count);
    if (is_plain && times.size() == count && accepted.RowOf(*series) == nullptr &&
        FollowOn(checking.bounds, times, *series)) {
      accepted.AddRun(*series, batch.series[begin], times, batch.values.subspan(begin, count));
      outcome.appended_count += count;
      continue;
    }
    for (std::size_t i = begin; i < end; ++i) CheckSample(checking, i, *series);
  }
  return outcome;
}

}  // namespace narthex::head
