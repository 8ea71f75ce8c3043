// Whether an exposition is well-formed to the letter: stricter than what a scrape accepts.
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/labels.h"

namespace narthex::exposition {

// OpenMetrics 1.0 with UTF-8 names and composite native histograms: syntax without slack, metadata
// before samples, families and metrics that are not interleaved, suffixes and values that fit the
// type, complete histograms. Only one thing is not checked: that exemplars lie in their bucket.
//
// Errors: kInvalidArgument  the first fault, with the number of its line
// Source: OpenMetrics 1.0. Conformance: textparse/openmetrics_suite, textparse/openmetrics_python.
Status CheckOpenMetrics(std::string_view body);

// The text format as client libraries read it into families: one TYPE and HELP for each family,
// before its samples; histograms and summaries that fit together.
//
// Errors: kInvalidArgument  the first fault, in the words of Prometheus' library
// Conformance: textparse/expfmt_text.
Status CheckText(std::string_view body,
                 model::NameValidation validation = model::NameValidation::kUtf8);

}  // namespace narthex::exposition
