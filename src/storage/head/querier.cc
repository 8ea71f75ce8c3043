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

namespace {

// Whether the samples of [first, first + span) begin and end such that some may be in the range.
bool ReachesInto(const TimeColumn& column, std::uint32_t first, std::uint32_t span,
                 model::TimeRange range) {
  const std::optional<model::TimestampMs> newest = column.TimeAt(first + span - 1);
  if (!newest || *newest < range.from) return false;
  const std::optional<model::TimestampMs> oldest = column.TimeAt(first);
  return !oldest || *oldest <= range.until;
}

// Whether a page or the open end of the series has samples on both sides of the range or in it: as
// upstream's chunks count, for who asks for the series only. The stripe must be held.
bool ReachesInto(const Series& series, const QuerierState& state) {
  if (series.has_late()) {
    const auto late = std::ranges::lower_bound(series.extras->late, state.late_range().from, {},
                                               &LateSample::time);
    if (late != series.extras->late.end() && late->time <= state.late_range().until) return true;
  }
  if (state.part() == QuerierPart::kLate) return false;
  const model::TimeRange range = state.range();
  if (series.chunk_count() == 0 || series.newest_time < range.from) return false;
  if (series.open_count() > 0 &&
      ReachesInto(*series.open_column, series.open_first, series.open_span, range)) {
    return true;
  }
  return std::ranges::any_of(series.pages, [&](const SealedPage& page) {
    return ReachesInto(*page.column, page.first, page.span, range);
  });
}

}  // namespace

using SeriesList = std::vector<const Series*>;

// The series of a Select, or a stretch of them, in order.
class HeadSeriesSet final : public storage::SeriesSet {
 public:
  HeadSeriesSet(std::shared_ptr<QuerierState> state, std::shared_ptr<const SeriesList> series,
                const storage::SelectHints& hints)
      : HeadSeriesSet(std::move(state), series, hints, {0, series->size()}) {}

  bool Next() override {
    while (next_ < end_) {
      if (hints_.series_count_max > 0 && given_count_ >= hints_.series_count_max) return false;
      current_ = next_++;
      if (current_ >= prefetched_end_) PrefetchFrom(current_);
      const Series& series = *(*series_)[current_];
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
    if (current_ >= labels_begin_ + labels_.size()) ReadLabels();
    return labels_[current_ - labels_begin_];
  }
  Result<storage::SampleColumns> samples() override {
    if (newest_) return *newest_;
    return reader_.Read(*(*series_)[current_]);
  }
  Result<std::optional<storage::EncodedColumns>> encoded() override {
    return reader_.ReadEncoded(*(*series_)[current_]);
  }
  Status status() const override { return Ok(); }

  bool is_cuttable() const override { return hints_.series_count_max == 0; }
  std::size_t remaining_count() const override { return end_ - next_; }
  model::LabelSet LabelsAhead(std::size_t index) const override {
    ReaderLock lock(state_->head().index_mutex_);
    return state_->head().table_->Labels((*series_)[next_ + index]->id);
  }
  std::unique_ptr<SeriesSet> TakeAhead(std::size_t count) override {
    const std::size_t begin = next_;
    next_ += count;
    return std::unique_ptr<SeriesSet>(new HeadSeriesSet(state_, series_, hints_, {begin, next_}));
  }

 private:
  struct Stretch {
    std::size_t begin;
    std::size_t end;
  };
  HeadSeriesSet(std::shared_ptr<QuerierState> state, std::shared_ptr<const SeriesList> series,
                const storage::SelectHints& hints, Stretch stretch)
      : state_(std::move(state)),
        series_(std::move(series)),
        hints_(hints),
        end_(stretch.end),
        reader_(state_),
        next_(stretch.begin) {}

  bool HasSamples(const Series& series) const {
    MutexLock lock(state_->head().StripeOf(series.id));
    if (hints_.is_labels_only) return ReachesInto(series, *state_);
    if (series.has_late() && series.extras->late.back().time >= state_->late_range().from) {
      return true;
    }
    return state_->part() == QuerierPart::kAll && series.chunk_count() > 0 &&
           series.newest_time >= state_->range().from;
  }

  // A look ahead pays from a few series on; the newest samples stand with the series themselves.
  void PrefetchFrom(std::size_t begin) {
    constexpr std::size_t kSeriesAtOnce = 16;
    prefetched_end_ = std::min(begin + kSeriesAtOnce, end_);
    if (hints_.is_labels_only || hints_.is_newest_only || prefetched_end_ - begin < 4) return;
    reader_.PrefetchSamples(std::span(*series_).subspan(begin, prefetched_end_ - begin));
  }

  // Those of the series at the cursor and of some behind it: who needs one mostly needs all, and
  // the lock is taken once.
  void ReadLabels() const {
    constexpr std::size_t kLabelsAtOnce = 32;
    const bool has_all = hints_.label_names == nullptr || hints_.shard_count > 1;
    const std::size_t end = std::min(end_, current_ + kLabelsAtOnce);
    labels_.clear();
    labels_begin_ = current_;
    if (!has_all && hints_.label_names->empty()) {
      labels_.resize(end - current_);
      return;
    }
    ReaderLock lock(state_->head().index_mutex_);
    const SeriesTable& table = *state_->head().table_;
    index::LabelReader reader(table.index(), has_all ? nullptr : hints_.label_names.get());
    for (std::size_t i = current_; i < end; ++i) {
      const index::SeriesId id = (*series_)[i]->id;
      labels_.push_back(reader.Read(id));
      if (!labels_.back().empty() || !table.index().Record(id).empty()) continue;
      // One that was removed meanwhile.
      labels_.back() = table.Labels(id);
      if (!has_all) labels_.back() = labels_.back().Keep(*hints_.label_names);
    }
  }

  const std::shared_ptr<QuerierState> state_;
  const std::shared_ptr<const SeriesList> series_;  // shared by the stretches that were cut off
  const storage::SelectHints hints_;
  const std::size_t end_;
  SeriesReader reader_;
  std::size_t next_;
  std::size_t given_count_ = 0;
  std::size_t current_ = 0;
  std::size_t prefetched_end_ = 0;
  std::optional<storage::SampleColumns> newest_;  // of the series at the cursor
  mutable std::vector<model::LabelSet> labels_;   // of the series from labels_begin_ on
  mutable std::size_t labels_begin_ = 0;
};

class HeadQuerier final : public storage::Querier {
 public:
  using Refs = std::vector<storage::SeriesRef>;

  // Of all series, or of some.
  explicit HeadQuerier(std::shared_ptr<QuerierState> state, std::optional<Refs> some = {})
      : state_(std::move(state)), some_(std::move(some)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    auto series = std::make_shared<SeriesList>();
    {
      Head& head = state_->head();
      ReaderLock lock(head.index_mutex_);
      const index::MemoryIndex& index = head.table_->index();
      NARTHEX_ASSIGN_OR_RETURN(std::vector<index::SeriesId> ids,
                               index::SelectSeries(index, matchers, hints.check_alive));
      if (some_) {
        std::erase_if(ids,
                      [&](index::SeriesId id) { return !std::ranges::binary_search(*some_, id); });
      }
      if (hints.is_sorted) NARTHEX_TRY(index.SortByLabels(ids, hints.check_alive));
      series->reserve(ids.size());
      for (const index::SeriesId id : ids) series->push_back(head.table_->Find(id));
    }
    return std::make_unique<HeadSeriesSet>(state_, std::move(series), hints);
  }

  Result<storage::LabelList> LabelNames(std::span<const model::Matcher> matchers,
                                        const storage::ListHints& hints) override {
    if (!IsInRange()) return storage::LabelList();
    ReaderLock lock(state_->head().index_mutex_);
    NARTHEX_ASSIGN_OR_RETURN(
        std::vector<std::string> names,
        index::SelectNames(state_->head().table_->index(), matchers, hints.check_alive));
    return Limited(std::move(names), hints.limit);
  }

  Result<storage::LabelList> LabelValues(std::string_view name,
                                         std::span<const model::Matcher> matchers,
                                         const storage::ListHints& hints) override {
    if (!IsInRange()) return storage::LabelList();
    ReaderLock lock(state_->head().index_mutex_);
    NARTHEX_ASSIGN_OR_RETURN(
        std::vector<std::string> values,
        index::SelectValues(state_->head().table_->index(), name, matchers, hints.check_alive));
    return Limited(std::move(values), hints.limit);
  }

 private:
  // Names and values are those of all series, or none: which series has which when is not known.
  bool IsInRange() const {
    const Head& head = state_->head();
    const model::TimeRange in_order = head.range();
    if (!in_order.empty() && state_->range().Overlaps(in_order)) return true;
    const model::TimeRange late = head.late_range();
    return !late.empty() && state_->late_range().Overlaps(late);
  }

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
