// "now-6h", "now/d" and epoch milliseconds.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace narthex::dashapi {

enum class RangeEnd { kFrom, kTo };

// A time of a request: Unix milliseconds, an RFC 3339 instant, or "now" with any number of "-6h",
// "+1d" and
// "/d" behind it. Units: ms s m h d w M y. Rounding ("/d") goes down for kFrom and to the last
// millisecond of the unit for kTo; days, weeks (from Monday), months and years are those of UTC.
//
// Errors: kInvalidArgument
Result<TimestampMs> ParseTime(std::string_view text, TimestampMs now, RangeEnd end);

}  // namespace narthex::dashapi
