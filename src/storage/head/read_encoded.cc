// Reading one series as the pages that it is kept in.
#include "chunk/histogram_page.h"
#include "chunk/page.h"
#include "querier.h"

namespace narthex::head {
namespace {

// A quarter of what the open end grows to: shorter pages take more room than it takes time to code
// them as one.
constexpr std::size_t kFloatsPerPageMin = 60;
constexpr std::size_t kHistogramsPerPageMin = 10;

}  // namespace

// The times of a piece that is seen as a whole.
void SeriesReader::AddTimes(const Piece& piece, const Seen& seen) {
  const auto times =
      std::span(seen.window->times).subspan(piece.first - seen.window->first, piece.span);
  if (piece.presence.empty()) {
    times_.insert(times_.end(), times.begin(), times.end());
    return;
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (IsPresent(piece.presence, i)) times_.push_back(times[i]);
  }
}

// A value that does not change is one page as far as that goes.
void SeriesReader::AddPage(const storage::EncodedPage& page) {
  if (!encoded_pages_.empty() && !page.is_histogram) {
    storage::EncodedPage& last = encoded_pages_.back();
    if (!last.is_histogram && last.bytes == page.bytes && chunk::IsConstant(page.bytes) &&
        last.count + page.count <= chunk::kPageSampleCountMax) {
      last.count += page.count;
      return;
    }
  }
  encoded_pages_.push_back(page);
}

Status SeriesReader::AddEncoded(const Piece& piece, const Seen& seen) {
  if (!piece.page.empty() && seen.begin == piece.first && seen.end == piece.first + piece.span) {
    AddTimes(piece, seen);
    ++copied_page_count_;
    AddPage({piece.page, piece.count, piece.has_histograms});
    return Ok();
  }
  values_.clear();
  histograms_.clear();
  NARTHEX_TRY(AddPiece(piece, seen));
  if (values_.empty()) return Ok();
  std::string& page = recoded_pages_.emplace_back();
  if (piece.has_histograms) {
    chunk::EncodeHistograms(histograms_, page);
  } else {
    chunk::EncodeValues(values_, page);
  }
  AddPage({page, values_.size(), piece.has_histograms});
  return Ok();
}

Result<std::optional<storage::EncodedColumns>> SeriesReader::ReadEncoded(const Series& series) {
  std::optional<storage::EncodedColumns> columns;
  CopyPieces(series);
  // These stand between the samples of pages.
  if (!late_.empty()) return columns;
  ClearColumns();
  encoded_pages_.clear();
  recoded_pages_.clear();
  copied_page_count_ = 0;
  Stretch stretch;
  for (const Piece& piece : pieces_) {
    const Seen seen = Look(piece);
    if (seen.begin >= seen.end) continue;
    NARTHEX_TRY(AddEncoded(piece, seen));
    stretch.Add(piece, seen);
  }
  std::size_t size_min = 0;
  for (const storage::EncodedPage& page : encoded_pages_) {
    size_min += page.is_histogram ? kHistogramsPerPageMin : kFloatsPerPageMin;
  }
  if (copied_page_count_ == 0 || times_.size() < size_min) return columns;
  if (!starts_.empty()) FillStarts();
  columns = storage::EncodedColumns{times_, TimeColumnId(stretch), encoded_pages_, start_times_};
  return columns;
}

}  // namespace narthex::head
