// What an open block holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index_reader.h"
#include "io/file_system.h"
#include "promblock/block.h"
#include "tombstones.h"

namespace narthex::promblock {

struct PromBlock::Parts {
  struct Segment {
    std::string path;
    io::Mapping map;
  };

  io::Mapping index_map;
  std::optional<IndexReader> index;
  std::vector<Segment> segments;
  Tombstones tombstones;
};

}  // namespace narthex::promblock
