// Making visible what passed and is in the log.
#include <algorithm>

#include "counters.h"
#include "head/head.h"
#include "series_table.h"
#include "shared_times.h"

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

// Where the samples of a batch lie in time.
struct Head::Placement {
  TimeColumn* column = nullptr;  // null: each series' own
  std::uint32_t first = 0;       // ordinal of the first of the shared times
  std::uint64_t number = 0;      // of the batch
  std::uint64_t settled = 0;
  std::size_t begin = 0;  // of its samples
};

// The group's column takes times in order only; a series with times of its own keeps them to
// itself.
Head::Placement Head::Place(const Accepted& accepted, const AcceptedPart& part,
                            std::uint64_t number) {
  Placement place{.number = number, .settled = SettledBatch(), .begin = part.begin};
  if (part.group == 0) return place;
  if (part.has_one_time) {
    shared_times_->SetOne(accepted.times[part.begin]);
  } else {
    shared_times_->Find(std::span(accepted.times).subspan(part.begin, part.size()),
                        std::span(accepted.refs).subspan(part.begin, part.size()));
  }
  const std::span<const TimestampMs> times = shared_times_->times();
  if (times.empty()) return place;
  TimeColumn& column = GroupColumn(part.group);
  const auto first = column.Place(times, number, place.settled);
  if (!first) return place;
  place.column = &column;
  place.first = *first;
  return place;
}

void Head::ApplyRow(const Accepted& accepted, std::size_t row_index, const Placement& place) {
  const Accepted::Row& row = accepted.rows[row_index];
  Series& series = *row.series;
  TimeColumn* column = place.column;
  std::uint32_t first = 0;
  if (column == nullptr) {
    column = &series.OwnColumn(options_.block_range_ms);
    const auto times = std::span(accepted.times).subspan(row.begin, row.end - row.begin);
    // They are all newer than what the column has.
    first = *column->Place(times, place.number, place.settled);
  }
  const SharedTimes& shared = *shared_times_;
  const bool is_shared = column == place.column;
  for (std::size_t begin = row.begin; begin < row.end;) {
    const std::uint32_t ordinal = is_shared ? place.first + shared.OffsetOf(begin - place.begin)
                                            : first + static_cast<std::uint32_t>(begin - row.begin);
    if (!accepted.histograms.empty() && accepted.histograms[begin] != nullptr) {
      series.Append(*column, ordinal, accepted.times[begin], accepted.histograms[begin]);
      ++begin;
      continue;
    }
    // Floats whose ordinals follow one another.
    std::size_t end = begin + 1;
    while (end < row.end && (accepted.histograms.empty() || accepted.histograms[end] == nullptr) &&
           (!is_shared || shared.are_in_line() ||
            shared.OffsetOf(end - place.begin) ==
                shared.OffsetOf(begin - place.begin) + (end - begin))) {
      ++end;
    }
    series.Append(*column, ordinal, std::span(accepted.values).subspan(begin, end - begin),
                  accepted.times[end - 1]);
    begin = end;
  }
}

void Head::ApplySamples(const Accepted& accepted, const AcceptedPart& part, std::uint64_t number) {
  if (part.size() == 0) return;
  const Placement place = Place(accepted, part, number);
  std::uint64_t chunks_change = 0;
  std::uint64_t stale_change = 0;  // both wrap around below zero, and back when added
  const std::vector<Accepted::Row>& rows = accepted.rows;
  for (std::size_t i = part.row_begin; i < part.row_end;) {
    Mutex& stripe = StripeOf(rows[i].series->id);
    MutexLock lock(stripe);
    do {
      const Series& series = *rows[i].series;
      chunks_change -= series.chunk_count();
      stale_change -= series.is_stale() ? 1 : 0;
      ApplyRow(accepted, i, place);
      chunks_change += series.chunk_count();
      stale_change += series.is_stale() ? 1 : 0;
      ++i;
    } while (i < part.row_end && &StripeOf(rows[i].series->id) == &stripe);
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
  if (!accepted.rows.empty()) {
    for (const AcceptedPart& part : accepted.parts) ApplySamples(accepted, part, number);
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
