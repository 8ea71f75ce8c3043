#include "querier.h"

#include <algorithm>

#include "counters.h"

namespace narthex::head {

QuerierState::QuerierState(Head& head, model::TimeRange range, QuerierPart part)
    : head_(head),
      part_(part),
      range_{std::max(range.from, head.min_valid_time_.load(std::memory_order_relaxed)),
             range.until},
      late_range_(range),
      id_(head.OpenSnapshot(snapshot_)) {}

QuerierState::~QuerierState() { head_.CloseSnapshot(id_); }

const TimeWindow& QuerierState::Window(const TimeColumn& column) {
  MutexLock lock(mutex_);
  auto& window = windows_[&column];
  if (window == nullptr) window = std::make_unique<TimeWindow>(OwnWindow(column));
  return *window;
}

// The series of a Select, in order.
class HeadSeriesSet final : public storage::SeriesSet {
 public:
  struct Entry {
    const Series* series = nullptr;
    model::LabelSet labels;  // empty if they were not needed to put the series in order
  };

  HeadSeriesSet(std::shared_ptr<QuerierState> state, std::vector<Entry> entries,
                storage::SelectHints hints)
      : state_(std::move(state)), entries_(std::move(entries)), hints_(hints), reader_(state_) {}

  bool Next() override {
    while (next_ < entries_.size()) {
      if (hints_.series_count_max > 0 && given_count_ >= hints_.series_count_max) return false;
      current_ = &entries_[next_++];
      has_labels_ = hints_.is_sorted;
      const Series& series = *current_->series;
      newest_.reset();
      if (hints_.is_newest_only) newest_ = reader_.ReadNewest(series, hints_.range.until);
      if (!newest_ && !HasSamples(series)) continue;
      if (hints_.shard_count > 1 &&
          labels().StableHash() % hints_.shard_count != hints_.shard_index) {
        continue;
      }
      ++given_count_;
      return true;
    }
    return false;
  }

  const model::LabelSet& labels() const override {
    if (!has_labels_) current_->labels = LabelsOf(*current_->series);
    has_labels_ = true;
    return current_->labels;
  }
  Result<storage::SampleColumns> samples() override {
    if (newest_) return *newest_;
    return reader_.Read(*current_->series);
  }
  Result<std::optional<storage::EncodedColumns>> encoded() override {
    return reader_.ReadEncoded(*current_->series);
  }
  Status status() const override { return Ok(); }

 private:
  bool HasSamples(const Series& series) const {
    MutexLock lock(state_->head().StripeOf(series.id));
    if (series.has_late() && series.extras->late.back().time >= state_->late_range().from) {
      return true;
    }
    return state_->part() == QuerierPart::kAll && series.chunk_count() > 0 &&
           series.newest_time >= state_->range().from;
  }
  // Also if the series was removed meanwhile.
  model::LabelSet LabelsOf(const Series& series) const {
    ReaderLock lock(state_->head().index_mutex_);
    return state_->head().table_->Labels(series.id);
  }

  const std::shared_ptr<QuerierState> state_;
  std::vector<Entry> entries_;
  const storage::SelectHints hints_;
  SeriesReader reader_;
  std::size_t next_ = 0;
  std::size_t given_count_ = 0;
  Entry* current_ = nullptr;
  std::optional<storage::SampleColumns> newest_;  // of the series at the cursor
  mutable bool has_labels_ = false;               // the entry at the cursor
};

class HeadQuerier final : public storage::Querier {
 public:
  using Refs = std::vector<storage::SeriesRef>;

  // Of all series, or of some.
  explicit HeadQuerier(std::shared_ptr<QuerierState> state, std::optional<Refs> some = {})
      : state_(std::move(state)), some_(std::move(some)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    std::vector<HeadSeriesSet::Entry> entries;
    {
      Head& head = state_->head();
      ReaderLock lock(head.index_mutex_);
      const index::MemoryIndex& index = head.table_->index();
      std::vector<index::SeriesId> ids = index::SelectSeries(index, matchers);
      if (some_) {
        std::erase_if(ids,
                      [&](index::SeriesId id) { return !std::ranges::binary_search(*some_, id); });
      }
      if (hints.is_sorted) index.SortByLabels(ids);
      entries.reserve(ids.size());
      for (const index::SeriesId id : ids) {
        entries.push_back({head.table_->Find(id), {}});
        if (hints.is_sorted) entries.back().labels = index.Labels(id);
      }
    }
    return std::make_unique<HeadSeriesSet>(state_, std::move(entries), hints);
  }

  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        std::size_t limit) override {
    ReaderLock lock(state_->head().index_mutex_);
    return Limited(index::SelectNames(state_->head().table_->index(), matchers), limit);
  }

  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         std::size_t limit) override {
    ReaderLock lock(state_->head().index_mutex_);
    return Limited(index::SelectValues(state_->head().table_->index(), name, matchers), limit);
  }

 private:
  static storage::LabelList Limited(std::vector<std::string> entries, std::size_t limit) {
    const bool is_truncated = limit > 0 && entries.size() > limit;
    if (is_truncated) entries.resize(limit);
    return {std::move(entries), is_truncated};
  }

  const std::shared_ptr<QuerierState> state_;
  const std::optional<Refs> some_;
};

std::unique_ptr<storage::Querier> OpenSome(Head& head, model::TimeRange range,
                                           std::vector<storage::SeriesRef> series) {
  return std::make_unique<HeadQuerier>(std::make_shared<QuerierState>(head, range),
                                       std::move(series));
}

std::unique_ptr<storage::Querier> OpenPart(Head& head, model::TimeRange range, QuerierPart part) {
  return std::make_unique<HeadQuerier>(std::make_shared<QuerierState>(head, range, part));
}

Result<std::unique_ptr<storage::Querier>> Head::OpenQuerier(model::TimeRange range) {
  return OpenPart(*this, range, QuerierPart::kAll);
}

}  // namespace narthex::head
