// What an open block holds.
#pragma once

#include <memory>

#include "block/block.h"
#include "frame_table.h"
#include "index/index_file.h"

namespace narthex::block {

struct Block::Parts {
  io::Mapping index_map;
  io::Mapping pages_map;
  std::unique_ptr<index::IndexFile> index;
  std::unique_ptr<FrameTable> frames;
};

}  // namespace narthex::block
