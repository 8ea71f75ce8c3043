// Columns of values and of times as bytes and back.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/sample.h"

namespace narthex::chunk {

// The most samples of a page, and timestamps of a column. Long enough that what a page costs itself
// does not show, short enough that one is decoded in about a microsecond.
inline constexpr std::size_t kPageSampleCountMax = 1024;

// Appends the page of 1 to kPageSampleCountMax values to `out`. Bit-exact. At most 9 bytes a value.
// Source: docs/formats/chunk.md, "Value page"
void EncodeValues(std::span<const double> values, std::string& out);

// The page of `values.size()` samples, which must be the count it was encoded with.
// Errors: kCorruption           the bytes are not a page of so many values
//         kInvalidArgument      the count is 0 or above the limit
Status DecodeValues(std::string_view page, std::span<double> values);

// The same for timestamps, any int64 in any order; ascending ones at a steady pace cost least.
// Source: docs/formats/chunk.md, "Time column"
void EncodeTimes(std::span<const model::TimestampMs> times, std::string& out);
Status DecodeTimes(std::string_view column, std::span<model::TimestampMs> times);

}  // namespace narthex::chunk
