// Sizes as users write them: "512MB".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::config {

// Powers of 1024 with a mandatory unit (B, KB, MB, GB, TB, PB, EB, or KiB and so on), decimals and
// sums allowed: "1.5GB", "1GB512MB". "0" needs no unit.
// Errors: kInvalidArgument  "units: unknown unit  in 100" and the like
Result<std::uint64_t> ParseSize(std::string_view text);

// The shortest exact form: "512MB", "1GB512MB", "0B".
std::string FormatSize(std::uint64_t size_bytes);

}  // namespace narthex::config
