#include "querier.h"

#include <algorithm>

#include "counters.h"

namespace narthex::head {

QuerierState::QuerierState(Head& head, model::TimeRange range)
    : head_(head),
      range_{std::max(range.from, head.min_valid_time_.load(std::memory_order_relaxed)),
             range.until},
      id_(head.OpenSnapshot(snapshot_)) {}

QuerierState::~QuerierState() { head_.CloseSnapshot(id_); }

const TimeWindow& QuerierState::Window(const TimeColumn& column) {
  MutexLock lock(mutex_);
  auto& window = windows_[&column];
  if (window == nullptr) window = std::make_unique<TimeWindow>(OwnWindow(column));
  return *window;
}

void SeriesReader::CopyPieces(const Series& series) {
  pieces_.clear();
  own_window_of_ = nullptr;
  MutexLock lock(state_->head().StripeOf(series.id));
  for (const SealedPage& page : series.pages) {
    pieces_.push_back(
        {page.column, page.first, page.span, page.count, page.presence(), page.page()});
  }
  if (series.tail.count() == 0) return;
  series.tail.CopyTo(open_tail_);
  Piece open{series.open_column,
             series.open_first,
             series.open_span,
             static_cast<std::uint16_t>(open_tail_.count),
             {},
             {}};
  if (series.open_presence != nullptr) {
    open_presence_ = *series.open_presence;
    open.presence = {reinterpret_cast<const char*>(open_presence_.data()),
                     (std::size_t{open.span} + 7) / 8};
  }
  pieces_.push_back(open);
}

Status SeriesReader::DecodePiece(const Piece& piece, std::span<double> values) const {
  if (!piece.page.empty()) return chunk::DecodeValues(piece.page, values);
  return chunk::ValueTail::Decode(open_tail_.tokens, open_tail_.repeat_count, values);
}

SeriesReader::Seen SeriesReader::Look(const Piece& piece) {
  Seen seen;
  if (piece.column->id() != 0) {
    seen.window = &state_->Window(*piece.column);
  } else {
    if (own_window_of_ != piece.column) own_window_ = state_->OwnWindow(*piece.column);
    own_window_of_ = piece.column;
    seen.window = &own_window_;
  }
  seen.begin = std::max(piece.first, seen.window->first);
  seen.end = std::min(piece.first + piece.span, seen.window->end());
  return seen;
}

Status SeriesReader::AddPiece(const Piece& piece, const Seen& seen) {
  const auto time_of = [&](std::uint32_t ordinal) {
    return seen.window->times[ordinal - seen.window->first];
  };
  const std::size_t old_size = values_.size();
  if (piece.presence.empty()) {
    // Whole pages are decoded into place, and what is not seen is cut off again.
    values_.resize(old_size + piece.count);
    NARTHEX_TRY(DecodePiece(piece, std::span(values_).subspan(old_size)));
    const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(old_size);
    values_.resize(old_size + (seen.end - piece.first));
    values_.erase(begin, begin + (seen.begin - piece.first));
    for (std::uint32_t o = seen.begin; o < seen.end; ++o) times_.push_back(time_of(o));
    return Ok();
  }
  decoded_.resize(piece.count);
  NARTHEX_TRY(DecodePiece(piece, decoded_));
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < piece.span; ++i) {
    if (!IsPresent(piece.presence, i)) continue;
    const std::uint32_t ordinal = piece.first + i;
    if (ordinal >= seen.begin && ordinal < seen.end) {
      values_.push_back(decoded_[next]);
      times_.push_back(time_of(ordinal));
    }
    ++next;
  }
  return Ok();
}

Result<storage::SampleColumns> SeriesReader::Read(const Series& series) {
  CopyPieces(series);
  values_.clear();
  times_.clear();
  // While everything is one unbroken stretch of a shared column, the times need no copy and have an
  // id.
  const TimeColumn* column = nullptr;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool is_one_stretch = true;
  for (const Piece& piece : pieces_) {
    const Seen seen = Look(piece);
    if (seen.begin >= seen.end) continue;
    NARTHEX_TRY(AddPiece(piece, seen));
    if (column == nullptr) {
      column = piece.column;
      begin = seen.begin;
    } else if (piece.column != column || seen.begin != end) {
      is_one_stretch = false;
    }
    if (!piece.presence.empty()) is_one_stretch = false;
    end = seen.end;
  }
  storage::SampleColumns columns{times_, values_, 0};
  if (column == nullptr || column->id() == 0 || !is_one_stretch) return columns;

  // 24 bits for the column, 20 each for where the stretch begins and how long it is.
  const TimeWindow& window = state_->Window(*column);
  const std::uint64_t offset = begin - window.first;
  const std::uint64_t count = end - begin;
  if (column->id() < (1u << 24) && offset < (1u << 20) && count < (1u << 20)) {
    columns.time_column_id = std::uint64_t{column->id()} << 40 | offset << 20 | count;
  }
  return columns;
}

// The series of a Select, in order.
class HeadSeriesSet final : public storage::SeriesSet {
 public:
  struct Entry {
    const Series* series = nullptr;
    model::LabelSet labels;  // empty while they have not been needed
  };

  HeadSeriesSet(std::shared_ptr<QuerierState> state, std::vector<Entry> entries,
                storage::SelectHints hints, bool has_labels)
      : state_(std::move(state)),
        entries_(std::move(entries)),
        hints_(hints),
        has_labels_(has_labels),
        reader_(state_) {}

  bool Next() override {
    while (next_ < entries_.size()) {
      if (hints_.series_count_max > 0 && given_count_ >= hints_.series_count_max) return false;
      current_ = &entries_[next_++];
      if (!HasSamples(*current_->series)) continue;
      if (!has_labels_) current_->labels = LabelsOf(*current_->series);
      if (hints_.shard_count > 1 &&
          current_->labels.StableHash() % hints_.shard_count != hints_.shard_index) {
        continue;
      }
      ++given_count_;
      return true;
    }
    return false;
  }

  const model::LabelSet& labels() const override { return current_->labels; }
  Result<storage::SampleColumns> samples() override { return reader_.Read(*current_->series); }
  Status status() const override { return Ok(); }

 private:
  bool HasSamples(const Series& series) const {
    MutexLock lock(state_->head().StripeOf(series.id));
    return series.chunk_count() > 0 && series.newest_time >= state_->range().from;
  }
  model::LabelSet LabelsOf(const Series& series) const {
    ReaderLock lock(state_->head().index_mutex_);
    return state_->head().table_->index().Labels(series.id);
  }

  const std::shared_ptr<QuerierState> state_;
  std::vector<Entry> entries_;
  const storage::SelectHints hints_;
  const bool has_labels_;
  SeriesReader reader_;
  std::size_t next_ = 0;
  std::size_t given_count_ = 0;
  Entry* current_ = nullptr;
};

class HeadQuerier final : public storage::Querier {
 public:
  explicit HeadQuerier(std::shared_ptr<QuerierState> state) : state_(std::move(state)) {}

  Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                     const storage::SelectHints& hints) override {
    std::vector<HeadSeriesSet::Entry> entries;
    {
      Head& head = state_->head();
      ReaderLock lock(head.index_mutex_);
      for (const index::SeriesId id : index::SelectSeries(head.table_->index(), matchers)) {
        entries.push_back({head.table_->Find(id), {}});
        if (hints.is_sorted) entries.back().labels = head.table_->index().Labels(id);
      }
    }
    if (hints.is_sorted) std::ranges::sort(entries, {}, &HeadSeriesSet::Entry::labels);
    return std::make_unique<HeadSeriesSet>(state_, std::move(entries), hints, hints.is_sorted);
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
};

Result<std::unique_ptr<storage::Querier>> Head::OpenQuerier(model::TimeRange range) {
  return std::make_unique<HeadQuerier>(std::make_shared<QuerierState>(*this, range));
}

}  // namespace narthex::head
