// What a block says about itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/sample.h"

namespace narthex::block {

struct BlockMeta {
  std::string id;  // 26 characters, ascending with the time of writing (ULID)
  // Samples are in [min_time, max_time).
  model::TimestampMs min_time = 0;
  model::TimestampMs max_time = 0;
  std::uint64_t series_count = 0;
  std::uint64_t sample_count = 0;
  std::uint64_t page_count = 0;
  std::uint32_t level = 1;  // 1: cut from a head; else one more than the highest of its sources
  // The blocks it was merged or rewritten from: where it stands, they are not needed any more.
  std::vector<std::string> sources = {};
  // If it was cut from a head, or merged from blocks that were: that head holds nothing before
  // this.
  std::optional<model::TimestampMs> head_cut_until = {};

  friend bool operator==(const BlockMeta&, const BlockMeta&) = default;
};

// The text of the file `meta`: one "key value" a line, the last one a checksum of the others.
std::string FormatMeta(const BlockMeta& meta);
// Errors: kCorruption
//         kUnsupported  another version; the message says what to do
Result<BlockMeta> ParseMeta(std::string_view text);

// An id for a block written at `now`; random where two could be written in one millisecond.
// Source: https://github.com/ulid/spec
std::string NewBlockId(model::TimestampMs now);

}  // namespace narthex::block
