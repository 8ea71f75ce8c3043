// Making visible what passed and is in the log.
#include <algorithm>

#include "counters.h"
#include "head/head.h"
#include "series_table.h"

namespace narthex::head {

void Head::ApplyStarts(const Accepted& accepted) {
  for (const Accepted::Start& start : accepted.starts) {
    MutexLock lock(StripeOf(start.series->id));
    start.series->SetStart({start.change.from, start.change.start});
  }
}

void Head::ApplyLate(const Accepted& accepted, std::uint64_t number) {
  std::uint64_t added_count = 0;
  for (const auto& [series, sample] : accepted.late) {
    MutexLock lock(StripeOf(series->id));
    if (!series->AddLate({sample.timestamp, number, sample.value, sample.histogram})) continue;
    ++added_count;
    late_series_.insert(series->id);
    late_range_.from = std::min(late_range_.from, sample.timestamp);
    late_range_.until = std::max(late_range_.until, sample.timestamp);
  }
  Counters::Add(counters_->late_appended, added_count);
  Counters::Add(counters_->late_held, added_count);
}

void Head::ApplySamples(const Accepted& accepted, const Accepted::Part& part,
                        std::uint64_t number) {
  if (part.size() == 0) return;
  const std::uint64_t settled = SettledBatch();
  // The group's column takes times in order only; a series with a time of its own keeps it to
  // itself.
  TimeColumn* shared = nullptr;
  std::uint32_t shared_ordinal = 0;
  if (part.group != 0 && part.has_one_time) {
    TimeColumn& column = GroupColumn(part.group);
    const TimestampMs time = accepted.times[part.begin];
    if (time >= column.newest()) {
      shared = &column;
      shared_ordinal = column.Append(time, number, settled);
    }
  }

  std::uint64_t chunks_change = 0;
  std::uint64_t stale_change = 0;  // both wrap around below zero, and back when added
  for (std::size_t i = part.begin; i < part.end;) {
    Mutex& stripe = StripeOf(accepted.refs[i]);
    MutexLock lock(stripe);
    do {
      Series& series = *accepted.series[i];
      chunks_change -= series.chunk_count();
      stale_change -= series.is_stale() ? 1 : 0;
      TimeColumn* column = shared;
      std::uint32_t ordinal = shared_ordinal;
      if (column == nullptr) {
        std::unique_ptr<TimeColumn>& own = series.Extras().own_column;
        if (own == nullptr) own = std::make_unique<TimeColumn>(0);
        column = own.get();
        ordinal = column->Append(accepted.times[i], number, settled);
      }
      if (accepted.histograms.empty() || accepted.histograms[i] == nullptr) {
        series.Append(*column, ordinal, {accepted.times[i], accepted.values[i]});
      } else {
        series.Append(*column, ordinal, accepted.times[i], accepted.histograms[i]);
      }
      chunks_change += series.chunk_count();
      stale_change += series.is_stale() ? 1 : 0;
      ++i;
    } while (i < part.end && &StripeOf(accepted.refs[i]) == &stripe);
  }
  Counters::Add(counters_->chunks, chunks_change);
  Counters::Add(counters_->chunks_created, chunks_change);
  Counters::Add(counters_->stale_series, stale_change);
}

void Head::Apply(const Accepted& accepted) {
  const std::uint64_t number = committed_batch_.load(std::memory_order_relaxed) + 1;
  if (!accepted.starts.empty()) ApplyStarts(accepted);
  if (!accepted.exemplars.empty()) ApplyExemplars(accepted);
  if (!accepted.late.empty()) ApplyLate(accepted, number);
  if (!accepted.series.empty()) {
    for (const Accepted::Part& part : accepted.parts) ApplySamples(accepted, part, number);
    const auto is_histogram = [](const HistogramPtr& histogram) { return histogram != nullptr; };
    Counters::Add(counters_->histograms_appended, static_cast<std::uint64_t>(std::ranges::count_if(
                                                      accepted.histograms, is_histogram)));
    const auto [low, high] = std::ranges::minmax(accepted.times);
    if (low < min_time_.load(std::memory_order_relaxed)) {
      min_time_.store(low, std::memory_order_relaxed);
    }
    if (high > max_time_.load(std::memory_order_relaxed)) {
      max_time_.store(high, std::memory_order_relaxed);
    }
  }
  // Release: whoever sees the number sees the samples.
  committed_batch_.store(number, std::memory_order_release);
}

}  // namespace narthex::head
