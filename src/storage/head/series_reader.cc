// Reading one series under a snapshot.
#include <algorithm>
#include <iterator>

#include "chunk/histogram_page.h"
#include "querier.h"

namespace narthex::head {
void SeriesReader::CopyPieces(const Series& series) {
  pieces_.clear();
  open_histograms_.clear();
  histogram_pages_.clear();
  late_.clear();
  starts_.clear();
  own_window_of_ = nullptr;
  MutexLock lock(state_->head().StripeOf(series.id));
  if (series.extras != nullptr) CopyExtras(*series.extras);
  if (state_->part() == QuerierPart::kLate) return;
  for (const SealedPage& page : series.pages) {
    pieces_.push_back({page.column, page.first, page.span, page.count, page.presence(), page.page(),
                       page.has_histograms});
  }
  if (series.open_count() > 0) CopyOpenEnd(series);
}

void SeriesReader::CopyExtras(const SeriesExtras& extras) {
  starts_ = extras.starts;
  const model::TimeRange range = state_->late_range();
  std::ranges::copy_if(extras.late, std::back_inserter(late_), [&](const LateSample& sample) {
    return sample.batch <= state_->snapshot() && range.Contains(sample.time);
  });
}

void SeriesReader::CopyOpenEnd(const Series& series) {
  Piece open{.column = series.open_column,
             .first = series.open_first,
             .span = series.open_span,
             .count = static_cast<std::uint16_t>(series.open_count()),
             .has_histograms = series.is_open_of_histograms != 0};
  if (open.has_histograms) {
    open_histograms_ = series.extras->open_histograms;
  } else {
    series.tail.CopyTo(open_tail_);
  }
  if (const Presence* presence = series.open_presence()) {
    open_presence_ = *presence;
    open.presence = {reinterpret_cast<const char*>(open_presence_.data()),
                     (std::size_t{open.span} + 7) / 8};
  }
  pieces_.push_back(open);
}

void SeriesReader::PrefetchSamples(std::span<const Series* const> all) const {
  constexpr std::size_t kLineSize = 64;
  // Those behind are fetched by the processor, which sees that lines are read one by one.
  constexpr std::size_t kLineCountMax = 8;
  const auto prefetch = [](const char* bytes, std::size_t size) {
    for (std::size_t at = 0; at < std::min(size, kLineCountMax * kLineSize); at += kLineSize) {
      __builtin_prefetch(bytes + at);
    }
  };
  for (const Series* series : all) prefetch(reinterpret_cast<const char*>(series), sizeof(Series));
  for (const Series* series : all) {
    MutexLock lock(state_->head().StripeOf(series->id));
    prefetch(reinterpret_cast<const char*>(series->pages.data()),
             series->pages.size() * sizeof(SealedPage));
    const std::string_view tokens = series->tail.tokens();
    prefetch(tokens.data(), tokens.size());
  }
  for (const Series* series : all) {
    MutexLock lock(state_->head().StripeOf(series->id));
    for (const SealedPage& page : series->pages) {
      // Pages that the querier does not see are not looked at.
      const bool is_known = shared_window_of_ == page.column;
      if (is_known && (page.first >= shared_window_->end() ||
                       page.first + page.span <= shared_window_->first)) {
        continue;
      }
      prefetch(page.bytes.get(), page.size);
    }
  }
}

Status SeriesReader::DecodePiece(const Piece& piece, std::span<double> values) const {
  if (!piece.page.empty()) return chunk::DecodeValues(piece.page, values);
  return chunk::ValueTail::Decode(open_tail_.tokens, open_tail_.repeat_count, values);
}

Result<std::span<const model::FloatHistogram* const>> SeriesReader::DecodeHistograms(
    const Piece& piece) {
  decoded_histograms_.clear();
  if (piece.page.empty()) {
    for (const HistogramPtr& one : open_histograms_) decoded_histograms_.push_back(one.get());
    return decoded_histograms_;
  }
  std::vector<model::FloatHistogram>& page = histogram_pages_.emplace_back();
  NARTHEX_TRY(chunk::DecodeHistograms(piece.page, piece.count, page));
  for (const model::FloatHistogram& one : page) decoded_histograms_.push_back(&one);
  return decoded_histograms_;
}

const TimeWindow& SeriesReader::SharedWindow(const TimeColumn& column) {
  // Series of one target mostly follow one another.
  if (shared_window_of_ != &column) shared_window_ = &state_->Window(column);
  shared_window_of_ = &column;
  return *shared_window_;
}

SeriesReader::Seen SeriesReader::Look(const Piece& piece) {
  Seen seen;
  if (piece.column->id() != 0) {
    seen.window = &SharedWindow(*piece.column);
  } else {
    if (own_window_of_ != piece.column) own_window_ = state_->OwnWindow(*piece.column);
    own_window_of_ = piece.column;
    seen.window = &own_window_;
  }
  seen.begin = std::max(piece.first, seen.window->first);
  seen.end = std::min(piece.first + piece.span, seen.window->end());
  return seen;
}

// Floats with no ordinal left out are decoded into place, and what is not seen is cut off again.
Status SeriesReader::AddDense(const Piece& piece, const Seen& seen) {
  const std::size_t old_size = values_.size();
  values_.resize(old_size + piece.count);
  NARTHEX_TRY(DecodePiece(piece, std::span(values_).subspan(old_size)));
  const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(old_size);
  values_.resize(old_size + (seen.end - piece.first));
  values_.erase(begin, begin + (seen.begin - piece.first));
  if (has_times_of_window_) return Ok();
  const auto times =
      std::span(seen.window->times).subspan(seen.begin - seen.window->first, seen.end - seen.begin);
  times_.insert(times_.end(), times.begin(), times.end());
  return Ok();
}

Status SeriesReader::AddPiece(const Piece& piece, const Seen& seen) {
  if (piece.presence.empty() && !piece.has_histograms) return AddDense(piece, seen);
  std::span<const model::FloatHistogram* const> histograms;
  if (piece.has_histograms) {
    NARTHEX_ASSIGN_OR_RETURN(histograms, DecodeHistograms(piece));
    histograms_.resize(values_.size());
  } else {
    decoded_.resize(piece.count);
    NARTHEX_TRY(DecodePiece(piece, decoded_));
  }
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < piece.span; ++i) {
    if (!piece.presence.empty() && !IsPresent(piece.presence, i)) continue;
    const std::uint32_t ordinal = piece.first + i;
    if (ordinal >= seen.begin && ordinal < seen.end) {
      values_.push_back(piece.has_histograms ? histograms[next]->sum : decoded_[next]);
      if (piece.has_histograms) histograms_.push_back(histograms[next]);
      if (!has_times_of_window_) {
        times_.push_back(seen.window->times[ordinal - seen.window->first]);
      }
    }
    ++next;
  }
  return Ok();
}

void SeriesReader::Stretch::Add(const Piece& piece, const Seen& seen) {
  if (column == nullptr) {
    column = piece.column;
    begin = seen.begin;
  } else if (piece.column != column || seen.begin != end) {
    is_unbroken = false;
  }
  if (!piece.presence.empty()) is_unbroken = false;
  end = seen.end;
}

// Of two samples of one time the one that came in order holds.
void SeriesReader::MergeLate() {
  const bool has_histograms =
      !histograms_.empty() || std::ranges::any_of(late_, [](const LateSample& sample) {
        return sample.histogram != nullptr;
      });
  if (has_histograms) histograms_.resize(values_.size());
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  std::vector<const model::FloatHistogram*> histograms;
  std::size_t at = 0;
  const auto take_until = [&](std::size_t end) {
    for (; at < end; ++at) {
      times.push_back(times_[at]);
      values.push_back(values_[at]);
      if (has_histograms) histograms.push_back(histograms_[at]);
    }
  };
  for (const LateSample& sample : late_) {
    const auto place = std::ranges::lower_bound(times_, sample.time);
    take_until(static_cast<std::size_t>(place - times_.begin()));
    if (place != times_.end() && *place == sample.time) continue;
    times.push_back(sample.time);
    values.push_back(sample.value);
    if (has_histograms) histograms.push_back(sample.histogram.get());
  }
  take_until(times_.size());
  times_ = std::move(times);
  values_ = std::move(values);
  histograms_ = std::move(histograms);
}

void SeriesReader::FillStarts() {
  auto change = starts_.begin();
  model::TimestampMs start = 0;
  for (const model::TimestampMs time : times_) {
    for (; change != starts_.end() && change->from <= time; ++change) start = change->start;
    // A late sample from before the start does not count since then.
    start_times_.push_back(start <= time ? start : 0);
  }
}

std::uint64_t SeriesReader::TimeColumnId(const Stretch& stretch) {
  if (stretch.column == nullptr || stretch.column->id() == 0 || !stretch.is_unbroken) return 0;
  // 24 bits for the column, 20 each for where the stretch begins and how long it is.
  const TimeWindow& window = SharedWindow(*stretch.column);
  const std::uint64_t id = stretch.column->id();
  const std::uint64_t offset = stretch.begin - window.first;
  const std::uint64_t count = stretch.end - stretch.begin;
  if (id >= (1u << 24) || offset >= (1u << 20) || count >= (1u << 20)) return 0;
  return id << 40 | offset << 20 | count;
}

void SeriesReader::ClearColumns() {
  has_times_of_window_ = false;
  values_.clear();
  times_.clear();
  histograms_.clear();
  start_times_.clear();
}

Result<storage::SampleColumns> SeriesReader::Read(const Series& series) {
  CopyPieces(series);
  ClearColumns();
  seen_.clear();
  Stretch stretch;
  for (const Piece& piece : pieces_) {
    const Seen& seen = seen_.emplace_back(Look(piece));
    if (seen.begin < seen.end) stretch.Add(piece, seen);
  }
  if (!late_.empty()) stretch.is_unbroken = false;
  const std::uint64_t id = TimeColumnId(stretch);
  has_times_of_window_ = id != 0 && starts_.empty();
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (seen_[i].begin < seen_[i].end) NARTHEX_TRY(AddPiece(pieces_[i], seen_[i]));
  }
  if (!histograms_.empty()) histograms_.resize(values_.size());
  if (!late_.empty()) MergeLate();
  if (!starts_.empty()) FillStarts();
  std::span<const model::TimestampMs> times = times_;
  if (has_times_of_window_) {
    const TimeWindow& window = SharedWindow(*stretch.column);
    times = std::span(window.times).subspan(stretch.begin - window.first, values_.size());
  }
  return storage::SampleColumns{times, values_, id, histograms_, start_times_};
}

}  // namespace narthex::head
