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
// The page is self-contained: it is read without a context.
// Source: docs/formats/chunk.md, "Value page"
void EncodeValues(std::span<const double> values, std::string& out);

// Appends the page of `values` as differences to `parent`, which has as many values: those of the
// neighbouring bucket of a classic histogram at the same times. Gives false and appends nothing
// unless all values of both are integers and the page is smaller than `size_max` bytes.
// A page so written is read with its parent's values in the context; a parent may have a parent
// itself, and it is the caller who ends the chain.
bool EncodeDifference(std::span<const double> values, std::span<const double> parent,
                      std::size_t size_max, std::string& out);

// Whether `page` was written by EncodeDifference. False for damaged bytes.
bool HasParent(std::string_view page);

// Whether all values of `page` are the same, so that its bytes serve any number of values. False for
// damaged bytes.
bool IsConstant(std::string_view page);

// What pages refer to beyond their own bytes. Views: must outlive the call only.
struct PageContext {
  std::string_view shared;         // SharedPayloads::heap() of the writer
  std::span<const double> parent;  // the parent's values, as many as the page's; empty: none
};

// The page of `values.size()` samples, which must be the count it was encoded with.
// Errors: kCorruption           the bytes are not a page of so many values, or refer to what the
//                               context does not have
//         kInvalidArgument      the count is 0 or above the limit
Status DecodeValues(std::string_view page, const PageContext& context, std::span<double> values);
Status DecodeValues(std::string_view page, std::span<double> values);

// The same for timestamps, any int64 in any order; ascending ones at a steady pace cost least.
// Source: docs/formats/chunk.md, "Time column"
void EncodeTimes(std::span<const model::TimestampMs> times, std::string& out);
Status DecodeTimes(std::string_view column, std::span<model::TimestampMs> times);

}  // namespace narthex::chunk
