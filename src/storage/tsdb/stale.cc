// Series that have ended leave memory before the block of their time is due.
#include "base/log.h"
#include "upkeep.h"

namespace narthex::tsdb {
namespace {

// Fewer are not worth a block of their own, nor is a smaller share of all series.
constexpr std::size_t kStaleCountMin = 1000;
constexpr std::size_t kStaleShare = 8;
// Targets that were gone for a moment come back with the same series; and what instant queries look
// at stays in memory alone.
constexpr std::chrono::milliseconds kStaleAge = std::chrono::minutes(10);
constexpr std::chrono::minutes kCutInterval{10};

}  // namespace

Status Upkeep::CutStale(std::stop_token stop) {
  const head::HeadStats stats = head_.stats();
  const std::size_t count_min = std::max(kStaleCountMin, stats.series_count / kStaleShare);
  const std::chrono::nanoseconds now = clock_.Monotonic();
  if (stats.stale_series_count < count_min || now < stale_cut_from_) return Ok();
  const TimestampMs before = stats.range.until - kStaleAge.count();
  const std::vector<storage::SeriesRef> series = head_.StaleSeries(before);
  if (series.size() < count_min) return Ok();
  stale_cut_from_ = now + kCutInterval;

  const TimestampMs block_range = options_.block_range.count();
  for (TimestampMs from = AlignDown(stats.range.from, block_range); from < before;
       from += block_range) {
    if (stop.stop_requested()) return Ok();
    // It ends where its samples do, so that queries of what is newer do not open it.
    const model::TimeRange range{from, std::min(from + block_range, before) - 1};
    auto written = WriteHead(store_.directory(), range, HeadPart::kSome, series);
    Status status = written.ok() ? TakeUp(*written) : Status(std::move(written).error());
    if (!status.ok()) {
      TsdbCounters::Add(counters_.block_writes_failed);
      return status;
    }
  }
  // Given up here, they are written once more the next time; merging makes one of the two.
  if (!head_.AwaitQueriers(stop)) return Ok();
  head_.ForgetStale(series, before, stop);
  LogInfo("tsdb", "series that have ended left memory", {{"series", series.size()}});
  return Ok();
}

}  // namespace narthex::tsdb
