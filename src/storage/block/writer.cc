#include "block/writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "chunk/histogram_page.h"
#include "frame_writer.h"
#include "index/index_file.h"
#include "segment.h"
#include "time_columns.h"

namespace narthex::block {
namespace {

// Blocks of this range are read seldom: there bytes count more than time.
constexpr model::TimestampMs kColdRange = 24 * 3600 * 1000;
// A page of histograms that is larger is made of fewer.
constexpr std::size_t kHistogramPageSizeAim = kFrameSizeMax / 2;

Compression CompressionOf(const BlockMeta& meta) {
  return meta.max_time - meta.min_time >= kColdRange ? Compression::kIfWorthIt : Compression::kNone;
}

}  // namespace

struct BlockWriter::Parts {
  Parts(std::unique_ptr<FrameWriter> frame_writer, const BlockMeta& meta)
      : frames(std::move(frame_writer)),
        times(*frames, meta.min_time),
        segment(*frames, index, CompressionOf(meta)) {}

  const std::unique_ptr<FrameWriter> frames;
  TimeColumnWriter times;
  index::IndexWriter index;
  SegmentWriter segment;
  std::string scratch;
};

BlockWriter::BlockWriter(io::FileSystem& files, std::string directory, BlockMeta meta)
    : files_(files),
      directory_(std::move(directory)),
      temporary_(io::JoinPath(directory_, fmt::format("{}{}", meta.id, kTemporarySuffix))),
      meta_(std::move(meta)) {}

BlockWriter::~BlockWriter() {
  if (!is_finished_) (void)io::RemoveAll(files_, temporary_);
}

Result<std::unique_ptr<BlockWriter>> BlockWriter::Create(io::FileSystem& files,
                                                         std::string directory, BlockMeta meta) {
  std::unique_ptr<BlockWriter> writer(
      new BlockWriter(files, std::move(directory), std::move(meta)));
  NARTHEX_TRY(files.CreateDirectories(writer->temporary_));
  NARTHEX_ASSIGN_OR_RETURN(
      auto frames, FrameWriter::Create(files, io::JoinPath(writer->temporary_, kPagesName)));
  writer->parts_ = std::make_unique<Parts>(std::move(frames), writer->meta_);
  return writer;
}

std::size_t BlockWriter::AddVector(const storage::SampleColumns& columns, std::size_t at) {
  const auto is_histogram = [&](std::size_t i) {
    return !columns.histograms.empty() && columns.histograms[i] != nullptr;
  };
  std::size_t end = std::min(at + kVectorLength, columns.values.size());
  for (std::size_t i = at + 1; !columns.histograms.empty() && i < end; ++i) {
    if (is_histogram(i) != is_histogram(at)) end = i;
  }
  std::string& page = parts_->scratch;
  page.clear();
  if (!is_histogram(at)) {
    chunk::EncodeValues(columns.values.subspan(at, end - at), page);
  } else {
    chunk::EncodeHistograms(columns.histograms.subspan(at, end - at), page);
    while (page.size() > kHistogramPageSizeAim && end - at > 1) {
      end = at + (end - at + 1) / 2;
      page.clear();
      chunk::EncodeHistograms(columns.histograms.subspan(at, end - at), page);
    }
  }
  AddPage(page, columns.timestamps.subspan(at, end - at), is_histogram(at));
  return end;
}

void BlockWriter::AddPage(std::string_view page, std::span<const model::TimestampMs> timestamps,
                          bool is_histogram) {
  parts_->segment.AddPage(page, timestamps.size(), is_histogram);
  ++meta_.page_count;
  if (observe_) {
    observe_({page.size(), timestamps.size(), timestamps.back() - timestamps.front()});
  }
}

void BlockWriter::AddStartTimes(std::span<const model::TimestampMs> start_timestamps) {
  parts_->scratch.clear();
  chunk::EncodeTimes(start_timestamps, parts_->scratch);
  parts_->segment.AddStartTimes(parts_->scratch);
}

Status BlockWriter::Add(const model::LabelSet& labels, const storage::SampleColumns& columns) {
  if (columns.timestamps.empty()) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(Ordinals ordinals,
                           parts_->times.Place(columns.timestamps, columns.time_column_id));
  NARTHEX_TRY(
      parts_->segment.Begin(labels, std::move(ordinals), SegmentWriter::Recoding::kDifferences));
  for (std::size_t at = 0; at < columns.values.size();) {
    const std::size_t end = AddVector(columns, at);
    if (!columns.start_timestamps.empty()) {
      AddStartTimes(columns.start_timestamps.subspan(at, end - at));
    }
    at = end;
  }
  ++meta_.series_count;
  meta_.sample_count += columns.values.size();
  return Ok();
}

Status BlockWriter::Add(const model::LabelSet& labels, const storage::EncodedColumns& columns) {
  if (columns.timestamps.empty()) return Ok();
  std::size_t count = 0;
  for (const storage::EncodedPage& page : columns.pages) count += page.count;
  // What is copied unread is not found wrong before it is needed: at least this can be seen.
  if (count != columns.timestamps.size()) {
    return Error{ErrorCode::kInternal,
                 fmt::format("{}: pages of {} samples for {} times", labels.ToMetricString(), count,
                             columns.timestamps.size())};
  }
  NARTHEX_ASSIGN_OR_RETURN(Ordinals ordinals,
                           parts_->times.Place(columns.timestamps, columns.time_column_id));
  NARTHEX_TRY(parts_->segment.Begin(labels, std::move(ordinals), SegmentWriter::Recoding::kNone));
  std::size_t at = 0;
  for (const storage::EncodedPage& page : columns.pages) {
    AddPage(page.bytes, columns.timestamps.subspan(at, page.count), page.is_histogram);
    if (!columns.start_timestamps.empty()) {
      AddStartTimes(columns.start_timestamps.subspan(at, page.count));
    }
    at += page.count;
  }
  ++meta_.series_count;
  meta_.sample_count += columns.timestamps.size();
  return Ok();
}

Status BlockWriter::Add(storage::SeriesSet& set) {
  NARTHEX_ASSIGN_OR_RETURN(const auto encoded, set.encoded());
  if (encoded) return Add(set.labels(), *encoded);
  NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set.samples());
  return Add(set.labels(), columns);
}

Status BlockWriter::WriteFile(std::string_view name, std::string_view bytes) {
  NARTHEX_ASSIGN_OR_RETURN(const auto file,
                           files_.Open(io::JoinPath(temporary_, name), io::OpenMode::kCreate));
  NARTHEX_TRY(file->Append(bytes));
  return file->Sync();
}

Result<BlockMeta> BlockWriter::Finish() {
  if (meta_.series_count == 0) return meta_;
  NARTHEX_TRY(parts_->segment.Flush());
  NARTHEX_TRY(parts_->times.Finish());
  NARTHEX_TRY(parts_->frames->Finish(parts_->times.places()));
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
