// The file of pages in the making: frames, and the directory that finds and checks them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "format.h"
#include "io/file_system.h"

struct ZSTD_CCtx_s;

namespace narthex::block {

enum class Compression { kNone, kIfWorthIt };

// Not thread-safe. Memory: 24 bytes a frame.
class FrameWriter {
 public:
  static Result<std::unique_ptr<FrameWriter>> Create(io::FileSystem& files, std::string_view path);
  ~FrameWriter();
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  // Appends a frame, the next of its kind; frames of pages belong to the segment that the next
  // EndSegment() ends. Errors: kNoSpace, kIo, and kOutOfRange for a frame of 4 GiB
  Status Write(FrameKind kind, std::string_view bytes, Compression compression);
  std::uint32_t frame_count(FrameKind kind) const {
    return counts_[static_cast<std::size_t>(kind)];
  }

  // Appends the heap that the pages since the last segment share.
  Status EndSegment(std::string_view heap);

  // Appends the directory and syncs. `columns`: the places of the time columns.
  Status Finish(std::string_view columns);

 private:
  explicit FrameWriter(std::unique_ptr<io::File> file);
  Status Flush();
  // The compressed bytes, or `bytes` if that would save too little.
  std::string_view Compressed(std::string_view bytes);

  const std::unique_ptr<io::File> file_;
  std::string buffer_;
  std::uint64_t flushed_size_ = 0;
  std::array<std::uint32_t, kFrameKindCount> counts_{};
  std::array<std::string, kFrameKindCount> entries_;  // encoded
  std::string segments_;                              // encoded
  std::uint32_t segment_count_ = 0;
  std::unique_ptr<ZSTD_CCtx_s, std::size_t (*)(ZSTD_CCtx_s*)> compressor_;
  std::string compressed_;
};

}  // namespace narthex::block
