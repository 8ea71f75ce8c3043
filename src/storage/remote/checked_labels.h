// Labels of a series as the store takes them.
#pragma once

#include "write_content.h"
#include "write_request.h"

namespace narthex::remote {

// Errors: kInvalidArgument  no metric name, a name twice, a malformed name or value, or references
//                           beside the symbols; in upstream's words
Result<model::LabelSet> CheckedLabels(const WriteRequest& request, const SentLabels& labels);

// The labels of an exemplar; empty if they are malformed or longer than OpenMetrics allows.
std::optional<model::LabelSet> ExemplarLabels(const WriteRequest& request,
                                              const SentLabels& labels);

}  // namespace narthex::remote
