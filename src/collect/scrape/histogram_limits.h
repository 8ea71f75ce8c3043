// What a job lets a native histogram have.
#pragma once

#include "base/result.h"
#include "config/scrape_config.h"
#include "model/histogram.h"

namespace narthex::scrape {

// `read` in a resolution that is stored (schema 8 at most), that
// `native_histogram_min_bucket_factor` allows, and with no more buckets than
// `native_histogram_bucket_limit`.
//
// Errors: kInvalidArgument    malformed, in the words of model::Validate
//         kResourceExhausted  too many buckets, whatever the resolution
// Source: spec 3.5, SCR-029; NH-001.
Result<model::FloatHistogram> LimitHistogram(const model::FloatHistogram& read,
                                             const config::HistogramOptions& options);

}  // namespace narthex::scrape
