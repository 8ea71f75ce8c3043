// Forgetting what is in a block.
#include <algorithm>
#include <limits>

#include "counters.h"
#include "series_table.h"

namespace narthex::head {
namespace {

// Appends wait while a slice of so many series is swept.
constexpr std::size_t kSliceLength = 1024;
constexpr TimestampMs kNoTime = std::numeric_limits<TimestampMs>::max();

}  // namespace

// One sweep over all series.
class HeadTruncation {
 public:
  HeadTruncation(Head& head, TimestampMs before) : head_(head), before_(before) {}

  void Run() {
    std::vector<index::SeriesId> ids;
    {
      MutexLock lock(head_.append_mutex_);
      head_.min_valid_time_ = std::max(head_.min_valid_time_.load(), before_);
      // Appends lower it again while the sweep finds the rest.
      head_.min_time_ = kNoTime;
      for (auto& [group, column] : head_.groups_) column->ResetUse();
      ReaderLock index_lock(head_.index_mutex_);
      ids = head_.table_->index().All();
    }
    for (std::size_t at = 0; at < ids.size(); at += kSliceLength) {
      SweepSlice(std::span(ids).subspan(at, std::min(kSliceLength, ids.size() - at)));
    }
    RemoveSeries();
    DropTimes();
  }

 private:
  void SweepSlice(std::span<const index::SeriesId> ids) {
    MutexLock lock(head_.append_mutex_);
    ReaderLock index_lock(head_.index_mutex_);
    for (const index::SeriesId id : ids) {
      if (Series* series = head_.table_->Find(id)) SweepSeries(*series);
    }
  }

  void SweepSeries(Series& series) REQUIRES(head_.append_mutex_) {
    MutexLock stripe_lock(head_.StripeOf(series.id));
    if (series.newest_time < before_) {
      if (!series.has_late()) {
        dead_.push_back(series.id);
        return;
      }
      if (series.open_count() > 0) series.Seal();
    }
    const auto is_old = [&](const SealedPage& page) {
      const auto last = page.column->TimeAt(page.first + page.span - 1u);
      return !last || *last < before_;
    };
    const auto first_kept = std::ranges::find_if_not(series.pages, is_old);
    dropped_count_ += static_cast<std::uint64_t>(first_kept - series.pages.begin());
    std::move(series.pages.begin(), first_kept, std::back_inserter(retired_pages_));
    series.pages.erase(series.pages.begin(), first_kept);
    series.pages.shrink_to_fit();

    if (series.chunk_count() > 0) NoteOldest(series);
    TimeColumn* own = series.extras == nullptr ? nullptr : series.extras->own_column.get();
    if (own != nullptr) own->ResetUse();
    for (const SealedPage& page : series.pages) page.column->MarkUse(page.first);
    if (series.open_count() > 0) series.open_column->MarkUse(series.open_first);
    if (own != nullptr && own->is_used()) own->DropBefore(own->lowest_used());
    if (series.extras != nullptr) ForgetStarts(series.extras->starts);
  }

  // All but the one that holds at `before_`.
  void ForgetStarts(std::vector<StartChange>& starts) const {
    const auto later = std::ranges::upper_bound(starts, before_, {}, &StartChange::from);
    if (later - starts.begin() > 1) starts.erase(starts.begin(), later - 1);
  }

  void NoteOldest(const Series& series) {
    const bool is_open = series.pages.empty();
    const TimeColumn* column = is_open ? series.open_column : series.pages.front().column;
    const std::uint32_t first = is_open ? series.open_first : series.pages.front().first;
    if (const auto time = column->FirstTime(first, before_)) oldest_ = std::min(oldest_, *time);
  }

  void RemoveSeries() {
    MutexLock lock(head_.append_mutex_);
    WriterLock index_lock(head_.index_mutex_);
    // Some may have got a sample since they were swept.
    std::erase_if(dead_, [&](index::SeriesId id) REQUIRES(head_.index_mutex_) {
      const Series& series = *head_.table_->Find(id);
      return series.newest_time >= before_ || series.has_late();
    });
    // A querier that opens from here on does not find them.
    retired_series_ =
        head_.table_->Take(dead_, head_.HasOpenQueriers() ? SeriesTable::TakenLabels::kKeep
                                                          : SeriesTable::TakenLabels::kForget);
    std::uint64_t stale_count = 0;
    for (const auto& series : retired_series_) {
      dropped_count_ += series->chunk_count();
      stale_count += series->is_stale() ? 1 : 0;
    }
    head_.counters_->stale_series.fetch_sub(stale_count, std::memory_order_relaxed);
    Head::Counters::Add(head_.counters_->series_removed, retired_series_.size());
    Head::Counters::Add(head_.counters_->chunks_removed, dropped_count_);
    head_.counters_->chunks.fetch_sub(dropped_count_, std::memory_order_relaxed);
  }

  void DropTimes() {
    MutexLock lock(head_.append_mutex_);
    head_.min_time_ = std::min(head_.min_time_.load(), oldest_);
    for (auto group = head_.groups_.begin(); group != head_.groups_.end();) {
      TimeColumn& column = *group->second;
      if (column.is_used()) {
        column.DropBefore(column.lowest_used());
        ++group;
      } else {
        retired_columns_.push_back(std::move(group->second));
        group = head_.groups_.erase(group);
      }
    }
  }

  Head& head_;
  const TimestampMs before_;
  std::uint64_t dropped_count_ = 0;
  TimestampMs oldest_ = kNoTime;
  std::vector<index::SeriesId> dead_;
  // What a querier may still look at; freed with this object, series before the columns they use.
  std::vector<std::unique_ptr<TimeColumn>> retired_columns_;
  std::vector<SealedPage> retired_pages_;
  std::vector<std::unique_ptr<Series>> retired_series_;
};

void Head::RaiseValidTime(TimestampMs time) {
  MutexLock lock(append_mutex_);
  min_valid_time_ = std::max(min_valid_time_.load(), time);
}

Status Head::Truncate(TimestampMs before, std::stop_token stop) {
  {
    HeadTruncation truncation(*this, before);
    truncation.Run();
    // Also when stopped: memory must not go while somebody looks at it.
    while (!AwaitQueriers(stop)) stop = std::stop_token();
    WriterLock lock(index_mutex_);
    table_->ForgetTaken();
  }
  Counters::Add(counters_->truncations);
  Status written = Checkpoint();
  if (!written.ok()) Counters::Add(counters_->truncations_failed);
  return written;
}

}  // namespace narthex::head
