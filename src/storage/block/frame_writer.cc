#include "frame_writer.h"

#include <zstd.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"

namespace narthex::block {
namespace {

constexpr std::size_t kFlushSize = std::size_t{1} << 18;
// The other levels save hardly more. Source: docs/formats/block.md, "Compression"
constexpr int kCompressionLevel = 1;
// What compression must save to be worth the time of every later reader.
constexpr std::size_t kSavedPercentMin = 7;

}  // namespace

FrameWriter::FrameWriter(std::unique_ptr<io::File> file)
    : file_(std::move(file)), buffer_(kPagesMagic), compressor_(ZSTD_createCCtx(), ZSTD_freeCCtx) {}

FrameWriter::~FrameWriter() = default;

Result<std::unique_ptr<FrameWriter>> FrameWriter::Create(io::FileSystem& files,
                                                         std::string_view path) {
  NARTHEX_ASSIGN_OR_RETURN(auto file, files.Open(path, io::OpenMode::kCreate));
  return std::unique_ptr<FrameWriter>(new FrameWriter(std::move(file)));
}

Status FrameWriter::Flush() {
  NARTHEX_TRY(file_->Append(buffer_));
  flushed_size_ += buffer_.size();
  buffer_.clear();
  return Ok();
}

std::string_view FrameWriter::Compressed(std::string_view bytes) {
  compressed_.resize(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compressCCtx(compressor_.get(), compressed_.data(), compressed_.size(), bytes.data(),
                        bytes.size(), kCompressionLevel);
  if (ZSTD_isError(size) != 0 || size * 100 > bytes.size() * (100 - kSavedPercentMin)) return bytes;
  return std::string_view(compressed_).substr(0, size);
}

Status FrameWriter::Write(FrameKind kind, std::string_view bytes, Compression compression) {
  if (bytes.size() > UINT32_MAX) return Error{ErrorCode::kOutOfRange, "a frame exceeds 4 GiB"};
  const bool may_compress = compression == Compression::kIfWorthIt && bytes.size() <= kFrameSizeMax;
  const std::string_view stored = may_compress ? Compressed(bytes) : bytes;
  const auto i = static_cast<std::size_t>(kind);
  PutLittleEndian64(entries_[i], flushed_size_ + buffer_.size());
  PutLittleEndian32(entries_[i], static_cast<std::uint32_t>(stored.size()));
  PutLittleEndian32(entries_[i], static_cast<std::uint32_t>(bytes.size()));
  PutLittleEndian32(entries_[i], Crc32c(stored));
  PutLittleEndian32(entries_[i], kind == FrameKind::kPages ? segment_count_ : 0);
  ++counts_[i];
  buffer_.append(stored);
  return buffer_.size() >= kFlushSize ? Flush() : Ok();
}

Status FrameWriter::EndSegment(std::string_view heap) {
  PutLittleEndian32(segments_, frame_count(FrameKind::kShared));
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < heap.size(); at += kFrameSizeMax, ++count) {
    NARTHEX_TRY(Write(FrameKind::kShared, heap.substr(at, kFrameSizeMax), Compression::kNone));
  }
  PutLittleEndian32(segments_, count);
  ++segment_count_;
  return Ok();
}

Status FrameWriter::Finish(std::string_view columns) {
  std::string directory;
  for (const std::uint32_t count : counts_) PutLittleEndian32(directory, count);
  PutLittleEndian32(directory, segment_count_);
  PutLittleEndian32(directory, static_cast<std::uint32_t>(columns.size() / kItemPlaceSize));
  for (const std::string& entries : entries_) directory.append(entries);
  directory.append(segments_).append(columns);

  std::string trailer;
  PutLittleEndian64(trailer, flushed_size_ + buffer_.size());
  PutLittleEndian64(trailer, directory.size());
  PutLittleEndian32(trailer, Crc32c(directory));
  PutLittleEndian32(trailer, Crc32c(trailer));
  buffer_.append(directory).append(trailer);
  NARTHEX_TRY(Flush());
  return file_->Sync();
}

}  // namespace narthex::block
