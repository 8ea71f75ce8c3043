// Items one after the other, packed into frames of one kind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "frame_writer.h"

namespace narthex::block {

// Not thread-safe. Memory: one frame.
class ItemWriter {
 public:
  // `frames` must outlive the writer, and get frames of this kind from nobody else.
  ItemWriter(FrameWriter& frames, FrameKind kind, Compression compression)
      : frames_(frames), kind_(kind), compression_(compression) {}

  // Appends an item, which must not be empty: behind the last one, or in the next frame if it does
  // not fit. That is where a reader looks for it.
  Result<ItemPlace> Put(std::string_view item) {
    if (item.size() > room()) NARTHEX_TRY(EndFrame());
    const ItemPlace place = next();
    frame_.append(item);
    return place;
  }
  // Where the next item stands if it fits.
  ItemPlace next() const {
    return {frames_.frame_count(kind_), static_cast<std::uint32_t>(frame_.size())};
  }
  // What still fits into the open frame; an item that is larger than a frame has one of its own.
  std::size_t room() const {
    if (frame_.empty()) return UINT32_MAX;
    return frame_.size() < kFrameSizeMax ? kFrameSizeMax - frame_.size() : 0;
  }
  // Closes the open frame, if there is one.
  Status EndFrame() {
    if (frame_.empty()) return Ok();
    NARTHEX_TRY(frames_.Write(kind_, frame_, compression_));
    frame_.clear();
    return Ok();
  }

 private:
  FrameWriter& frames_;
  const FrameKind kind_;
  const Compression compression_;
  std::string frame_;
};

}  // namespace narthex::block
