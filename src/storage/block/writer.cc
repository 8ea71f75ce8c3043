#include "block/writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "chunk/page.h"
#include "format.h"
#include "index/index_file.h"

namespace narthex::block {
namespace {

constexpr std::size_t kVectorLength = chunk::kPageSampleCountMax;
constexpr std::size_t kFlushSize = std::size_t{1} << 18;
// So many columns are remembered to find the next series' times among them: those of the targets
// that the series of one metric come from. One that is forgotten is written again.
constexpr std::size_t kRememberedColumnCount = 64;

}  // namespace

struct BlockWriter::Column {
  std::uint64_t number = 0;
  std::uint64_t source_id = 0;  // of the columns it was made from
  std::vector<model::TimestampMs> times;
};

struct BlockWriter::Place {
  std::uint64_t column = 0;
  std::uint64_t first = 0;  // ordinal of the first sample
};

struct BlockWriter::Parts {
  std::unique_ptr<io::File> pages;
  std::string buffer{kPagesMagic};
  std::uint64_t flushed_size = 0;
  index::IndexWriter index;
  std::string directory;  // of columns, encoded
  std::uint64_t column_count = 0;
  std::deque<Column> columns;  // most recently used first
  std::string scratch;
  std::string payload;

  std::uint64_t size() const { return flushed_size + buffer.size(); }
};

BlockWriter::BlockWriter(io::FileSystem& files, std::string directory, BlockMeta meta)
    : files_(files),
      directory_(std::move(directory)),
      temporary_(io::JoinPath(directory_, fmt::format("{}{}", meta.id, kTemporarySuffix))),
      meta_(std::move(meta)),
      parts_(std::make_unique<Parts>()) {}

BlockWriter::~BlockWriter() {
  if (!is_finished_) (void)io::RemoveAll(files_, temporary_);
}

Result<std::unique_ptr<BlockWriter>> BlockWriter::Create(io::FileSystem& files,
                                                         std::string directory, BlockMeta meta) {
  std::unique_ptr<BlockWriter> writer(
      new BlockWriter(files, std::move(directory), std::move(meta)));
  NARTHEX_TRY(files.CreateDirectories(writer->temporary_));
  NARTHEX_ASSIGN_OR_RETURN(
      writer->parts_->pages,
      files.Open(io::JoinPath(writer->temporary_, kPagesName), io::OpenMode::kCreate));
  return writer;
}

Status BlockWriter::FlushPages() {
  NARTHEX_TRY(parts_->pages->Append(parts_->buffer));
  parts_->flushed_size += parts_->buffer.size();
  parts_->buffer.clear();
  return Ok();
}

Result<std::uint64_t> BlockWriter::WriteFrame(std::string_view bytes) {
  const std::uint64_t offset = parts_->size();
  parts_->buffer.append(bytes);
  PutLittleEndian32(parts_->buffer, Crc32c(bytes));
  if (parts_->buffer.size() >= kFlushSize) NARTHEX_TRY(FlushPages());
  return offset;
}

Result<BlockWriter::Place> BlockWriter::NewColumn(const storage::SampleColumns& columns) {
  const auto times = columns.timestamps;
  std::string& directory = parts_->directory;
  PutVarint(directory, times.size());
  for (std::size_t at = 0; at < times.size(); at += kVectorLength) {
    const auto part = times.subspan(at, std::min(kVectorLength, times.size() - at));
    parts_->scratch.clear();
    chunk::EncodeTimes(part, parts_->scratch);
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t offset, WriteFrame(parts_->scratch));
    PutVarint(directory, offset);
    PutVarint(directory, parts_->scratch.size());
    PutSignedVarint(directory, part.front());
    PutSignedVarint(directory, part.back());
  }
  parts_->columns.push_front({parts_->column_count++, columns.time_column_id,
                              std::vector<model::TimestampMs>(times.begin(), times.end())});
  if (parts_->columns.size() > kRememberedColumnCount) parts_->columns.pop_back();
  return Place{parts_->columns.front().number, 0};
}

Result<BlockWriter::Place> BlockWriter::PlaceOf(const storage::SampleColumns& columns) {
  const auto times = columns.timestamps;
  for (auto column = parts_->columns.begin(); column != parts_->columns.end(); ++column) {
    std::uint64_t first = 0;
    if (columns.time_column_id == 0 || column->source_id != columns.time_column_id) {
      // A series that began later or ended earlier than its target has a stretch of its times.
      const auto begin = std::ranges::lower_bound(column->times, times.front());
      if (column->times.end() - begin < static_cast<std::ptrdiff_t>(times.size()) ||
          !std::equal(times.begin(), times.end(), begin)) {
        continue;
      }
      first = static_cast<std::uint64_t>(begin - column->times.begin());
    }
    const Place place{column->number, first};
    if (column != parts_->columns.begin()) {
      std::rotate(parts_->columns.begin(), column, column + 1);
    }
    return place;
  }
  return NewColumn(columns);
}

Status BlockWriter::Add(const model::LabelSet& labels, const storage::SampleColumns& columns) {
  if (columns.timestamps.empty()) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const Place place, PlaceOf(columns));
  std::string& payload = parts_->payload;
  payload.clear();
  PutVarint(payload, place.column);
  PutVarint(payload, place.first);
  PutVarint(payload, columns.values.size());
  std::uint64_t expected = 0;
  for (std::size_t at = 0; at < columns.values.size(); at += kVectorLength) {
    const auto part =
        columns.values.subspan(at, std::min(kVectorLength, columns.values.size() - at));
    parts_->scratch.clear();
    chunk::EncodeValues(part, parts_->scratch);
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t offset, WriteFrame(parts_->scratch));
    // Pages of a series follow one another: the first offset in full, then zeros.
    PutVarint(payload, offset - expected);
    PutVarint(payload, parts_->scratch.size());
    expected = offset + parts_->scratch.size() + kChecksumSize;
    ++meta_.page_count;
  }
  parts_->index.Add(labels, payload);
  ++meta_.series_count;
  meta_.sample_count += columns.values.size();
  return Ok();
}

Status BlockWriter::WriteDirectory() {
  std::string directory;
  PutVarint(directory, parts_->column_count);
  directory.append(parts_->directory);
  NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t offset, WriteFrame(directory));
  std::string trailer;
  PutLittleEndian64(trailer, offset);
  PutLittleEndian64(trailer, directory.size());
  PutLittleEndian32(trailer, Crc32c(trailer));
  parts_->buffer.append(trailer);
  NARTHEX_TRY(FlushPages());
  return parts_->pages->Sync();
}

Status BlockWriter::WriteFile(std::string_view name, std::string_view bytes) {
  NARTHEX_ASSIGN_OR_RETURN(const auto file,
                           files_.Open(io::JoinPath(temporary_, name), io::OpenMode::kCreate));
  NARTHEX_TRY(file->Append(bytes));
  return file->Sync();
}

Result<BlockMeta> BlockWriter::Finish() {
  if (meta_.series_count == 0) return meta_;
  NARTHEX_TRY(WriteDirectory());
  NARTHEX_ASSIGN_OR_RETURN(const std::string index, parts_->index.Finish());
  NARTHEX_TRY(WriteFile(kIndexName, index));
  NARTHEX_TRY(WriteFile(kMetaName, FormatMeta(meta_)));
  NARTHEX_TRY(files_.SyncDirectory(temporary_));
  NARTHEX_TRY(files_.Rename(temporary_, io::JoinPath(directory_, meta_.id)));
  is_finished_ = true;
  NARTHEX_TRY(files_.SyncDirectory(directory_));
  return meta_;
}

}  // namespace narthex::block
