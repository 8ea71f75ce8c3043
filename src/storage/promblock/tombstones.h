// What has been deleted from a Prometheus block but is still in its chunks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/sample.h"

namespace narthex::promblock {

// Ranges of deleted times by the number of the series; in order of time, none touching another.
using Tombstones = std::map<std::uint64_t, std::vector<model::TimeRange>>;

// Errors: kCorruption   the checksum fails, or an entry is malformed
//         kUnsupported  a version we do not know
Result<Tombstones> ParseTombstones(std::string_view bytes);
std::string FormatTombstones(const Tombstones& tombstones);

}  // namespace narthex::promblock
