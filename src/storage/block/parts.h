// What an open block holds.
#pragma once

#include <memory>
#include <vector>

#include "block/block.h"
#include "format.h"
#include "index/index_file.h"

namespace narthex::block {

struct Block::Parts {
  io::Mapping index_map;
  io::Mapping pages_map;
  std::unique_ptr<index::IndexFile> index;
  std::vector<TimeColumnEntry> columns;
};

// Bytes of the frame at `offset`. Errors: kCorruption  out of bounds, or the checksum fails
Result<std::string_view> ReadFrame(std::string_view pages, std::uint64_t offset,
                                   std::uint64_t size);

}  // namespace narthex::block
