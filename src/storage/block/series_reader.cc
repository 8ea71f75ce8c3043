#include "series_reader.h"

#include <algorithm>

#include "chunk/page.h"

namespace narthex::block {
namespace {

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, std::string("series: ").append(what)};
}

// 24 bits for the column, 20 each for where the stretch begins and how long it is; 0 if that is too
// little.
std::uint64_t TimeColumnId(std::uint64_t column, std::uint64_t offset, std::uint64_t length) {
  if (column + 1 >= (1u << 24) || offset >= (1u << 20) || length >= (1u << 20)) return 0;
  return (column + 1) << 40 | offset << 20 | length;
}

}  // namespace

Result<storage::SampleColumns> SeriesReader::Read(index::SeriesId id) {
  Result<storage::SampleColumns> columns = ReadAll(id);
  if (!columns.ok()) return reader_->Damaged(std::move(columns).error());
  const auto* deleted = reader_->DeletedOf(id);
  return deleted == nullptr ? *columns : WithoutDeleted(*columns, *deleted);
}

bool SeriesReader::HasSamples(index::SeriesId id) {
  const Result<Place> place = Find(id);
  return !place.ok() || !place->wanted.empty();
}

Result<SeriesReader::Place> SeriesReader::Find(index::SeriesId id) {
  Place place;
  NARTHEX_ASSIGN_OR_RETURN(place.entry, ReadSeriesEntry(reader_->index().Payload(id)));
  Ordinals& ordinals = place.entry.ordinals;
  if (window_ == nullptr || window_column_ != ordinals.column) {
    NARTHEX_ASSIGN_OR_RETURN(window_, reader_->Window(ordinals.column));
    window_column_ = ordinals.column;
  }
  if (ordinals.is_whole) ordinals.span = window_->column_length;
  if (ordinals.first + ordinals.span > window_->column_length) {
    return Damaged("it has more samples than times");
  }
  NARTHEX_ASSIGN_OR_RETURN(place.count, SampleCount(ordinals));
  present_.clear();
  place.wanted = PositionsWithin(ordinals, window_->first, window_->end(),
                                 ordinals.runs.empty() ? nullptr : &present_);
  return place;
}

Result<storage::SampleColumns> SeriesReader::ReadAll(index::SeriesId id) {
  NARTHEX_ASSIGN_OR_RETURN(const Place place, Find(id));
  const auto& [entry, count, wanted] = place;
  const Ordinals& ordinals = entry.ordinals;
  const bool has_runs = !ordinals.runs.empty();
  linked_ = {};
  if (wanted.empty()) return storage::SampleColumns{};
  NARTHEX_TRY(entry.inline_page.empty() ? ReadRecord(entry, count, wanted)
                                        : ReadInline(entry, count, wanted));

  const std::uint64_t length = wanted.end - wanted.begin;
  storage::SampleColumns columns;
  if (has_runs) {
    times_.clear();
    for (const std::uint64_t ordinal : present_) {
      times_.push_back(window_->times[ordinal - window_->first]);
    }
    columns.timestamps = times_;
  } else {
    const std::uint64_t offset = ordinals.first + wanted.begin - window_->first;
    columns.timestamps = std::span(window_->times).subspan(offset, length);
    columns.time_column_id = TimeColumnId(ordinals.column, offset, length);
  }
  const bool is_linked = linked_.first != nullptr;
  columns.values =
      (is_linked ? linked_.span() : std::span<const double>(values_)).subspan(skipped_, length);
  if (has_histograms_) {
    columns.histograms =
        std::span<const model::FloatHistogram* const>(histograms_).subspan(skipped_, length);
  }
  if (!starts_.empty()) {
    columns.start_timestamps =
        std::span<const model::TimestampMs>(starts_).subspan(skipped_, length);
  }
  return columns;
}

Status SeriesReader::ReadInline(const SeriesEntry& entry, std::uint64_t count, Positions wanted) {
  has_histograms_ = false;
  starts_.clear();
  if (chunk::IsConstant(entry.inline_page)) {
    double value = 0;
    NARTHEX_TRY(chunk::DecodeValues(entry.inline_page, std::span(&value, 1)));
    skipped_ = 0;
    const std::uint64_t length = wanted.end - wanted.begin;
    Reserve(length);
    std::fill_n(values_.begin(), length, value);
    return Ok();
  }
  if (count > kVectorLength) return Damaged("its page is too short");
  skipped_ = wanted.begin;
  Reserve(count);
  return chunk::DecodeValues(entry.inline_page, std::span(values_).first(count));
}

// Never shorter than before: growing anew would fill with zeros what is overwritten.
void SeriesReader::Reserve(std::size_t length) {
  if (values_.size() < length) values_.resize(length);
}

Status SeriesReader::ReadRecord(const SeriesEntry& entry, std::uint64_t count, Positions wanted) {
  NARTHEX_TRY(pages_.Open(entry.record, count, record_));
  const std::vector<VectorEntry>& vectors = record_.head.vectors;
  // The vectors that hold what is wanted: [begin, end), and the position of the first sample.
  std::size_t begin = 0;
  std::uint64_t first = 0;
  while (first + vectors[begin].length <= wanted.begin) first += vectors[begin++].length;
  std::size_t end = begin;
  std::uint64_t length = 0;
  for (; first + length < wanted.end; ++end) length += vectors[end].length;

  skipped_ = wanted.begin - first;
  has_histograms_ = std::any_of(vectors.begin() + static_cast<std::ptrdiff_t>(begin),
                                vectors.begin() + static_cast<std::ptrdiff_t>(end),
                                [](const VectorEntry& v) { return v.is_histogram; });
  histograms_.assign(has_histograms_ ? length : 0, nullptr);
  starts_.resize(record_.starts.empty() ? 0 : length);
  if (record_.head.parent_distance > 0 && !has_histograms_ && starts_.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(linked_, pages_.ReadLinked(record_, {begin, end}));
    return Ok();
  }
  Reserve(length);
  if (has_histograms_ && decoded_.size() < end) decoded_.resize(end);
  std::size_t at = 0;
  for (std::size_t i = begin; i < end; at += vectors[i++].length) NARTHEX_TRY(ReadVector(i, at));
  return Ok();
}

Status SeriesReader::ReadVector(std::size_t i, std::size_t at) {
  const VectorEntry& vector = record_.head.vectors[i];
  if (!starts_.empty()) {
    NARTHEX_TRY(pages_.ReadStartTimes(record_, i, std::span(starts_).subspan(at, vector.length)));
  }
  if (!vector.is_histogram) {
    return pages_.ReadValues(record_, i, std::span(values_).subspan(at, vector.length));
  }
  NARTHEX_TRY(pages_.ReadHistograms(record_, i, decoded_[i]));
  for (std::size_t k = 0; k < vector.length; ++k) {
    histograms_[at + k] = &decoded_[i][k];
    values_[at + k] = decoded_[i][k].sum;
  }
  return Ok();
}

storage::SampleColumns SeriesReader::WithoutDeleted(const storage::SampleColumns& columns,
                                                    const std::vector<model::TimeRange>& deleted) {
  const auto times = columns.timestamps;
  const bool is_touched =
      !times.empty() && std::ranges::any_of(deleted, [&](model::TimeRange range) {
        return range.Overlaps({times.front(), times.back()});
      });
  if (!is_touched) return columns;
  // Moves what is kept to the front; the columns of this reader are its own; times and linked
  // values may not be.
  std::vector<model::TimestampMs> kept;
  Reserve(times.size());
  std::size_t count = 0;
  auto next = deleted.begin();
  for (std::size_t i = 0; i < times.size(); ++i) {
    while (next != deleted.end() && next->until < times[i]) ++next;
    if (next != deleted.end() && next->Contains(times[i])) continue;
    kept.push_back(times[i]);
    values_[count] = columns.values[i];
    if (!columns.histograms.empty()) histograms_[count] = columns.histograms[i];
    if (!columns.start_timestamps.empty()) starts_[count] = columns.start_timestamps[i];
    ++count;
  }
  times_ = std::move(kept);
  storage::SampleColumns left;
  left.timestamps = times_;
  left.values = std::span<const double>(values_).first(count);
  if (!columns.histograms.empty()) {
    left.histograms = std::span<const model::FloatHistogram* const>(histograms_).first(count);
  }
  if (!columns.start_timestamps.empty()) {
    left.start_timestamps = std::span<const model::TimestampMs>(starts_).first(count);
  }
  return left;
}

}  // namespace narthex::block
