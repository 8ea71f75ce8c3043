// Durations as users write them: 1h30m.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::model {

// The units y (365 days), w, d, h, m, s, ms, each at most once and in this order, with whole
// numbers; or a bare 0. At most 2^63 nanoseconds (292 years).
//
// Errors: kInvalidArgument  malformed
//         kOutOfRange       too long
// Source: Prometheus configuration, <duration>. Conformance: duration.
Result<std::chrono::milliseconds> ParseDuration(std::string_view text);

// The same with a sign before it allowed, as `offset` takes it.
Result<std::chrono::milliseconds> ParseSignedDuration(std::string_view text);

// The canonical form: years and weeks only where nothing remains, as 90d is easier to read than
// 12w6d.
std::string FormatDuration(std::chrono::milliseconds duration);

}  // namespace narthex::model
