// The file of pages of an open block: its frames, checked when they are first read.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "format.h"

namespace narthex::block {

// Thread-safe. Memory: a bit a frame; the entries are read in place. `pages` must outlive it.
class FrameTable {
 public:
  // Errors: kCorruption  the directory fails its checks
  static Result<std::unique_ptr<FrameTable>> Open(std::string_view pages);

  std::uint32_t count(FrameKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::uint32_t column_count() const { return column_count_; }
  std::uint32_t segment_count() const { return segment_count_; }

  // Empty if there is none of that number.
  std::optional<FrameEntry> Entry(FrameKind kind, std::uint32_t number) const;
  std::optional<ItemPlace> Column(std::uint32_t number) const;

  // The bytes as stored, compressed or not.
  // Errors: kCorruption  there is no such frame, or it fails its checksum
  Result<std::string_view> Stored(FrameKind kind, std::uint32_t number) const;
  // Decompresses a frame of pages into `buffer`. Errors: kCorruption
  static Status Decompress(const FrameEntry& entry, std::string_view stored, std::string& buffer);

  // The heap of a segment, with what a payload at `offset` may take of it checked.
  // Errors: kCorruption
  Result<std::string_view> Heap(std::uint32_t segment, std::uint64_t offset) const;

  // Where the item of `size` bytes stands that follows at `place`: there, or in the next frame if
  // it does not fit. Errors: kCorruption
  Result<ItemPlace> Fit(FrameKind kind, ItemPlace place, std::uint32_t size) const;

 private:
  explicit FrameTable(std::string_view pages) : pages_(pages) {}
  Status ReadDirectory();
  Status CheckSegments() const;
  FrameEntry EntryAt(FrameKind kind, std::uint32_t number) const;
  SegmentEntry SegmentAt(std::uint32_t number) const;

  const std::string_view pages_;
  std::array<std::uint32_t, kFrameKindCount> counts_{};
  std::array<std::string_view, kFrameKindCount> entries_;
  std::uint32_t segment_count_ = 0;
  std::uint32_t column_count_ = 0;
  std::string_view segments_;
  std::string_view columns_;
  // A bit for each frame that passed its checksum. Relaxed: losing one means checking once more.
  mutable std::array<std::unique_ptr<std::atomic<std::uint64_t>[]>, kFrameKindCount> checked_;
};

}  // namespace narthex::block
