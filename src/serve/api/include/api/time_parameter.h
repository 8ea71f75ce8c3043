// Times and durations as the parameters of requests have them.
#pragma once

#include <chrono>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace narthex::api {

// Unix seconds with a fraction, or RFC 3339. Rounded to milliseconds.
// Errors: kInvalidArgument  `cannot parse "x" to a valid timestamp`
Result<TimestampMs> ParseTime(std::string_view text);

// Seconds with a fraction, or "5m". Errors: kInvalidArgument  `cannot parse "x" to a valid
// duration`
Result<std::chrono::milliseconds> ParseDurationParameter(std::string_view text);

}  // namespace narthex::api
