// Series that have ended: finding and forgetting them before their time.
#include <algorithm>
#include <iterator>

#include "counters.h"
#include "head/head.h"
#include "querier.h"
#include "series_table.h"

namespace narthex::head {
namespace {

// Appends wait while a slice of so many series is looked at.
constexpr std::size_t kSliceLength = 1024;

bool HasEnded(const Series& series, TimestampMs before) {
  return series.is_stale() && series.newest_time < before && !series.has_late();
}

}  // namespace

std::vector<storage::SeriesRef> Head::StaleSeries(TimestampMs before) const {
  std::vector<index::SeriesId> ids;
  {
    ReaderLock lock(index_mutex_);
    ids = table_->index().All();
  }
  std::vector<storage::SeriesRef> ended;
  for (std::size_t at = 0; at < ids.size(); at += kSliceLength) {
    ReaderLock lock(index_mutex_);
    for (const index::SeriesId id :
         std::span(ids).subspan(at, std::min(kSliceLength, ids.size() - at))) {
      const Series* series = table_->Find(id);
      if (series == nullptr) continue;
      MutexLock stripe_lock(StripeOf(id));
      if (HasEnded(*series, before)) ended.push_back(id);
    }
  }
  return ended;
}

Result<std::unique_ptr<storage::Querier>> Head::OpenQuerierOf(
    std::vector<storage::SeriesRef> series, model::TimeRange range) {
  return OpenSome(*this, range, std::move(series));
}

void Head::ForgetStale(std::span<const storage::SeriesRef> series, TimestampMs before,
                       std::stop_token stop) {
  std::vector<std::unique_ptr<Series>> removed;
  std::uint64_t chunk_count = 0;
  for (std::size_t at = 0; at < series.size(); at += kSliceLength) {
    MutexLock lock(append_mutex_);
    WriterLock index_lock(index_mutex_);
    std::vector<index::SeriesId> ids;
    for (const storage::SeriesRef ref :
         series.subspan(at, std::min(kSliceLength, series.size() - at))) {
      const Series* one = table_->Find(ref);
      if (one == nullptr || !HasEnded(*one, before)) continue;
      ids.push_back(one->id);
      chunk_count += one->chunk_count();
    }
    // A querier that opens from here on does not find them.
    auto taken = table_->Take(ids, HasOpenQueriers() ? SeriesTable::TakenLabels::kKeep
                                                     : SeriesTable::TakenLabels::kForget);
    std::ranges::move(taken, std::back_inserter(removed));
  }
  counters_->stale_series.fetch_sub(removed.size(), std::memory_order_relaxed);
  counters_->chunks.fetch_sub(chunk_count, std::memory_order_relaxed);
  Counters::Add(counters_->series_removed, removed.size());
  Counters::Add(counters_->chunks_removed, chunk_count);
  // Also when stopped: memory must not go while somebody looks at it.
  while (!AwaitQueriers(stop)) stop = std::stop_token();
  WriterLock lock(index_mutex_);
  table_->ForgetTaken();
}

}  // namespace narthex::head
