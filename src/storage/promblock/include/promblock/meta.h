// What a Prometheus block says about itself: meta.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/sample.h"

namespace narthex::promblock {

inline constexpr std::string_view kMetaName = "meta.json";

struct PromBlockMeta {
  std::string ulid;
  // Samples are in [min_time, max_time).
  model::TimestampMs min_time = 0;
  model::TimestampMs max_time = 0;
  std::uint64_t series_count = 0;
  std::uint64_t sample_count = 0;
  std::uint64_t chunk_count = 0;
  std::uint32_t level = 1;
  std::vector<std::string> sources = {};  // level 1 blocks that it came from; itself if it is one
  std::vector<std::string> parents = {};  // blocks that it stands for, and that may still be there
  // 1; early versions of Prometheus 2 wrote 2, and a wrong version into the index.
  std::uint32_t version = 1;

  friend bool operator==(const PromBlockMeta&, const PromBlockMeta&) = default;
};

// As Prometheus writes it, `parents` left out.
std::string FormatMeta(const PromBlockMeta& meta);
// Errors: kCorruption   no JSON, or a member that has to be there is missing
//         kUnsupported  a version we do not know
Result<PromBlockMeta> ParseMeta(std::string_view text);

// Whether `name` could be that of a block: 26 characters of base 32.
bool IsBlockName(std::string_view name);

}  // namespace narthex::promblock
