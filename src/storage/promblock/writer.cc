#include "promblock/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/hash.h"
#include "chunk.h"
#include "format.h"
#include "index_writer.h"
#include "tombstones.h"

namespace narthex::promblock {
namespace {

constexpr std::string_view kTemporarySuffix = ".tmp-for-creation";
constexpr std::size_t kFlushSize = std::size_t{1} << 20;

}  // namespace

struct PromBlockWriter::Parts {
  std::uint64_t segment_size_max = kSegmentSizeMax;
  std::unique_ptr<io::File> segment;
  std::uint64_t segment_count = 0;
  std::uint64_t flushed_size = 0;  // of the segment at hand
  std::string buffer;
  IndexWriter index;
  model::LabelSet last_labels;
  model::TimestampMs last_time = std::numeric_limits<model::TimestampMs>::min();
  std::vector<ChunkEntry> chunks;
  std::string scratch;

  std::uint64_t segment_size() const { return flushed_size + buffer.size(); }
};

PromBlockWriter::PromBlockWriter(io::FileSystem& files, std::string directory, PromBlockMeta meta)
    : files_(files),
      directory_(std::move(directory)),
      temporary_(io::JoinPath(directory_, meta.ulid + std::string(kTemporarySuffix))),
      meta_(std::move(meta)),
      parts_(std::make_unique<Parts>()) {}

PromBlockWriter::~PromBlockWriter() {
  parts_->segment.reset();
  if (!is_finished_) (void)io::RemoveAll(files_, temporary_);
}

Result<std::unique_ptr<PromBlockWriter>> PromBlockWriter::Create(io::FileSystem& files,
                                                                 std::string directory,
                                                                 PromBlockMeta meta,
                                                                 std::uint64_t segment_size_max) {
  std::unique_ptr<PromBlockWriter> writer(
      new PromBlockWriter(files, std::move(directory), std::move(meta)));
  writer->parts_->segment_size_max = segment_size_max;
  // Of a writer that was ended in the middle.
  NARTHEX_TRY(io::RemoveAll(files, writer->temporary_));
  NARTHEX_TRY(files.CreateDirectories(io::JoinPath(writer->temporary_, kChunksName)));
  return writer;
}

Status PromBlockWriter::BeginSegment() {
  const std::string name = fmt::format("{:06}", ++parts_->segment_count);
  const std::string path = io::JoinPath(io::JoinPath(temporary_, kChunksName), name);
  NARTHEX_ASSIGN_OR_RETURN(parts_->segment, files_.Open(path, io::OpenMode::kCreate));
  parts_->flushed_size = 0;
  PutBigEndian32(parts_->buffer, kChunksMagic);
  parts_->buffer.push_back(static_cast<char>(kChunksVersion));
  parts_->buffer.append(3, '\0');
  return Ok();
}

Status PromBlockWriter::FlushSegment() {
  NARTHEX_TRY(parts_->segment->Append(parts_->buffer));
  parts_->flushed_size += parts_->buffer.size();
  parts_->buffer.clear();
  return Ok();
}

Status PromBlockWriter::EndSegment() {
  if (parts_->segment == nullptr) return Ok();
  NARTHEX_TRY(FlushSegment());
  NARTHEX_TRY(parts_->segment->Sync());
  parts_->segment.reset();
  return Ok();
}

Result<std::uint64_t> PromBlockWriter::WriteChunk(std::string_view bytes) {
  // Its length takes five bytes at most.
  const std::uint64_t size = 5 + bytes.size() + kChecksumSize;
  if (parts_->segment != nullptr && parts_->segment_size() + size > parts_->segment_size_max) {
    NARTHEX_TRY(EndSegment());
  }
  if (parts_->segment == nullptr) NARTHEX_TRY(BeginSegment());
  const std::uint64_t place = (parts_->segment_count - 1) << 32 | parts_->segment_size();
  PutVarint(parts_->buffer, bytes.size() - 1);  // without the kind
  parts_->buffer.append(bytes);
  PutBigEndian32(parts_->buffer, Crc32c(bytes));
  if (parts_->buffer.size() >= kFlushSize) NARTHEX_TRY(FlushSegment());
  return place;
}

Status PromBlockWriter::Add(const model::LabelSet& labels, const storage::SampleColumns& columns) {
  if (columns.timestamps.empty()) return Ok();
  if (meta_.series_count > 0 && labels <= parts_->last_labels) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("series {} does not come behind {}", labels.ToString(),
                             parts_->last_labels.ToString())};
  }
  parts_->chunks.clear();
  for (std::size_t at = 0; at < columns.timestamps.size();) {
    const EncodedChunk chunk = EncodeChunk(columns, at);
    parts_->scratch.assign(1, static_cast<char>(chunk.kind));
    parts_->scratch.append(chunk.bytes);
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t place, WriteChunk(parts_->scratch));
    parts_->chunks.push_back({chunk.min_time, chunk.max_time, place});
    at += chunk.sample_count;
  }
  parts_->index.Add(labels, parts_->chunks);
  parts_->last_labels = labels;
  parts_->last_time = std::max(parts_->last_time, columns.timestamps.back());
  ++meta_.series_count;
  meta_.sample_count += columns.timestamps.size();
  meta_.chunk_count += parts_->chunks.size();
  return Ok();
}

Status PromBlockWriter::WriteFile(std::string_view name, std::string_view bytes) {
  NARTHEX_ASSIGN_OR_RETURN(const auto file,
                           files_.Open(io::JoinPath(temporary_, name), io::OpenMode::kCreate));
  NARTHEX_TRY(file->Append(bytes));
  return file->Sync();
}

Result<PromBlockMeta> PromBlockWriter::Finish() {
  if (meta_.series_count == 0) return meta_;  // the destructor removes the folder
  NARTHEX_TRY(EndSegment());
  {
    NARTHEX_ASSIGN_OR_RETURN(
        const auto index, files_.Open(io::JoinPath(temporary_, kIndexName), io::OpenMode::kCreate));
    NARTHEX_TRY(parts_->index.WriteTo(*index));
    NARTHEX_TRY(index->Sync());
  }
  // Prometheus takes no samples from before the end of its newest block.
  if (parts_->last_time < meta_.max_time) meta_.max_time = parts_->last_time + 1;
  if (meta_.sources.empty()) meta_.sources = {meta_.ulid};
  NARTHEX_TRY(WriteFile(kTombstonesName, FormatTombstones({})));
  NARTHEX_TRY(WriteFile(kMetaName, FormatMeta(meta_)));
  NARTHEX_TRY(files_.SyncDirectory(io::JoinPath(temporary_, kChunksName)));
  NARTHEX_TRY(files_.SyncDirectory(temporary_));
  NARTHEX_TRY(files_.Rename(temporary_, io::JoinPath(directory_, meta_.ulid)));
  is_finished_ = true;
  NARTHEX_TRY(files_.SyncDirectory(directory_));
  return meta_;
}

}  // namespace narthex::promblock
