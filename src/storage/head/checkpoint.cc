// The head as records: what replaces the log.
#include <array>
#include <limits>
#include <unordered_map>

#include "checkpoint_extras.h"
#include "chunk/histogram_page.h"
#include "counters.h"
#include "exemplars.h"
#include "querier.h"

namespace narthex::head {
namespace {

// Series are visited in slices, so that the index is not locked for long.
constexpr std::size_t kSliceLength = 1024;
// Times of one record: far below what a record may have.
constexpr std::size_t kColumnRecordLength = 65'536;

}  // namespace

// Writes one checkpoint of what a snapshot sees.
class HeadCheckpoint {
 public:
  HeadCheckpoint(std::shared_ptr<QuerierState> state, wal::ExemplarRecord exemplars,
                 wal::CheckpointWriter& writer)
      : state_(std::move(state)),
        exemplars_(std::move(exemplars)),
        writer_(writer),
        reader_(state_) {}

  Status Run() {
    std::vector<index::SeriesId> ids;
    {
      ReaderLock lock(state_->head().index_mutex_);
      ids = state_->head().table_->index().All();
    }
    for (std::size_t at = 0; at < ids.size(); at += kSliceLength) {
      const auto slice = std::span(ids).subspan(at, std::min(kSliceLength, ids.size() - at));
      NARTHEX_ASSIGN_OR_RETURN(const std::vector<const Series*> series, WriteSeries(slice));
      for (const Series* one : series) NARTHEX_TRY(WriteSamples(*one));
    }
    return WriteExemplars(exemplars_, writer_);
  }

 private:
  Result<std::vector<const Series*>> WriteSeries(std::span<const index::SeriesId> ids) {
    wal::SeriesRecord record;
    std::vector<const Series*> series;
    {
      const Head& head = state_->head();
      ReaderLock lock(head.index_mutex_);
      index::LabelReader labels(head.table_->index());
      for (const index::SeriesId id : ids) {
        const Series* one = head.table_->Find(id);
        if (one == nullptr) continue;
        series.push_back(one);
        record.series.push_back({id, labels.Read(id)});
      }
    }
    buffer_.clear();
    wal::EncodeSeries(record, buffer_);
    NARTHEX_TRY(writer_.Add(wal::RecordType::kSeries, buffer_));
    return series;
  }

  Status WriteSamples(const Series& series) {
    reader_.CopyPieces(series);
    // A column of one series is written for that series and forgotten again.
    own_number_ = 0;
    for (const Piece& piece : reader_.pieces()) NARTHEX_TRY(WritePiece(series.id, piece));
    return WriteExtras(series.id, reader_, writer_);
  }

  Status WriteColumn(const TimeColumn& column, const TimeWindow& window, std::uint64_t number) {
    for (std::size_t at = 0; at < window.times.size(); at += kColumnRecordLength) {
      const std::size_t count = std::min(kColumnRecordLength, window.times.size() - at);
      const auto begin = window.times.begin() + static_cast<std::ptrdiff_t>(at);
      wal::ColumnRecord record;
      record.column = number;
      record.group = column.id();
      record.first_ordinal = window.first + static_cast<std::uint32_t>(at);
      record.times.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
      buffer_.clear();
      wal::EncodeColumn(record, buffer_);
      NARTHEX_TRY(writer_.Add(wal::RecordType::kColumn, buffer_));
    }
    return Ok();
  }

  // The window of the piece's column, its record written once, and the record's number.
  Result<std::uint64_t> NumberOf(const TimeColumn& column, const TimeWindow& window) {
    std::uint64_t& number = column.id() == 0 ? own_number_ : numbers_[&column];
    if (number != 0) return number;
    number = next_number_++;
    NARTHEX_TRY(WriteColumn(column, window, number));
    return number;
  }

  Status WritePiece(index::SeriesId id, const Piece& piece) {
    if (piece.column->id() == 0) own_window_ = state_->OwnWindow(*piece.column);
    const TimeWindow& window =
        piece.column->id() == 0 ? own_window_ : state_->Window(*piece.column);
    std::uint32_t begin = std::max(piece.first, window.first);
    std::uint32_t end = std::min(piece.first + piece.span, window.end());
    const auto is_present = [&](std::uint32_t ordinal) {
      return piece.presence.empty() || IsPresent(piece.presence, ordinal - piece.first);
    };
    // A page begins and ends with a value.
    while (begin < end && !is_present(begin)) ++begin;
    while (begin < end && !is_present(end - 1)) --end;
    if (begin >= end) return Ok();
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t number, NumberOf(*piece.column, window));

    wal::PageRecord record;
    record.ref = id;
    record.column = number;
    record.first_ordinal = begin;
    record.span = static_cast<std::uint16_t>(end - begin);
    if (!piece.page.empty() && record.span == piece.span) {
      record.count = piece.count;
      record.presence = piece.presence;
      record.page = piece.page;
      return WritePage(piece, record);
    }
    return WritePart(piece, record);
  }

  // Open ends, and pages of which a part is not seen, are encoded anew.
  Status WritePart(const Piece& piece, wal::PageRecord record) {
    if (piece.presence.empty() && record.span == piece.span && !piece.has_histograms) {
      // Nothing is left out: nearly all open ends.
      const auto values = std::span(values_).first(piece.count);
      NARTHEX_TRY(reader_.DecodePiece(piece, values));
      page_.clear();
      chunk::EncodeValues(values, page_);
      record.count = piece.count;
      record.page = page_;
      return WritePage(piece, record);
    }
    std::array<std::uint16_t, kSpanMax> kept;  // of the piece's values
    std::string presence((std::size_t{record.span} + 7) / 8, '\0');
    std::uint16_t next = 0;
    for (std::uint32_t i = 0; i < piece.span; ++i) {
      if (!piece.presence.empty() && !IsPresent(piece.presence, i)) continue;
      const std::uint16_t at = next++;
      const std::uint32_t ordinal = piece.first + i;
      if (ordinal < record.first_ordinal || ordinal >= record.first_ordinal + record.span) continue;
      const std::uint32_t bit = ordinal - record.first_ordinal;
      presence[bit / 8] =
          static_cast<char>(static_cast<unsigned char>(presence[bit / 8]) | 1u << (bit % 8));
      kept[record.count++] = at;
    }
    if (record.count < record.span) record.presence = presence;
    NARTHEX_TRY(EncodeKept(piece, std::span(kept).first(record.count)));
    record.page = page_;
    return WritePage(piece, record);
  }

  // Leaves the page in `page_`.
  Status EncodeKept(const Piece& piece, std::span<const std::uint16_t> kept) {
    page_.clear();
    if (piece.has_histograms) {
      NARTHEX_ASSIGN_OR_RETURN(const auto all, reader_.DecodeHistograms(piece));
      std::vector<const model::FloatHistogram*> some;
      for (const std::uint16_t at : kept) some.push_back(all[at]);
      chunk::EncodeHistograms(some, page_);
      return Ok();
    }
    NARTHEX_TRY(reader_.DecodePiece(piece, std::span(values_).first(piece.count)));
    std::vector<double> some;
    for (const std::uint16_t at : kept) some.push_back(values_[at]);
    chunk::EncodeValues(some, page_);
    return Ok();
  }

  Status WritePage(const Piece& piece, const wal::PageRecord& record) {
    buffer_.clear();
    wal::EncodePage(record, buffer_);
    return writer_.Add(
        piece.has_histograms ? wal::RecordType::kHistogramPage : wal::RecordType::kPage, buffer_);
  }

  const std::shared_ptr<QuerierState> state_;
  const wal::ExemplarRecord exemplars_;
  wal::CheckpointWriter& writer_;
  SeriesReader reader_;
  std::unordered_map<const TimeColumn*, std::uint64_t> numbers_;
  std::uint64_t next_number_ = 1;
  std::uint64_t own_number_ = 0;
  TimeWindow own_window_;
  std::string buffer_;
  std::string page_;
  std::array<double, kSpanMax> values_;  // of a piece
};

Status Head::Checkpoint() {
  if (log_ == nullptr) return Ok();
  const auto run = [&]() -> Status {
    std::uint64_t segment = 0;
    std::shared_ptr<QuerierState> state;
    wal::ExemplarRecord exemplars;
    {
      // Between two batches: what is before is in the snapshot, what is after in the new segment.
      MutexLock lock(append_mutex_);
      NARTHEX_ASSIGN_OR_RETURN(segment, log_->Cut());
      state = std::make_shared<QuerierState>(*this, model::TimeRange{});
      exemplars = exemplars_->All();
    }
    NARTHEX_ASSIGN_OR_RETURN(
        auto writer, wal::CheckpointWriter::Create(files_, options_.wal_directory, segment));
    NARTHEX_TRY(HeadCheckpoint(std::move(state), std::move(exemplars), *writer).Run());
    NARTHEX_TRY(writer->Finish());
    return log_->RemoveBefore(segment);
  };
  Status written = run();
  Counters::Add(written.ok() ? counters_->checkpoints : counters_->checkpoints_failed);
  return written;
}

}  // namespace narthex::head
