// Columns of native histograms as bytes and back.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "chunk/page.h"
#include "model/histogram.h"

namespace narthex::chunk {

// Appends the page of 1 to kPageSampleCountMax histograms of one series, oldest first and none
// null, to `out`. Bit-exact, also where the histograms are not valid ones. Cheap where schema,
// spans, bounds and reset hint stay the same from sample to sample: then each bucket is a column.
// Source: docs/formats/chunk.md, "Histogram page"
void EncodeHistograms(std::span<const model::FloatHistogram* const> histograms, std::string& out);

// The page of `count` histograms; replaces what `histograms` held and reuses its memory.
// Errors: kCorruption       the bytes are not a page of so many histograms
//         kInvalidArgument  the count is 0 or above the limit
Status DecodeHistograms(std::string_view page, std::size_t count,
                        std::vector<model::FloatHistogram>& histograms);

}  // namespace narthex::chunk
