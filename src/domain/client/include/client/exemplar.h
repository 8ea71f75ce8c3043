// Exemplars: observations that lead to the trace in which they were made.
#pragma once

#include <functional>

#include "client/labels.h"

namespace narthex::client {

// The labels of the trace that the calling thread is in, as {{"trace_id", ...}, {"span_id", ...}};
// empty where there is none, or none that is kept. Called from writing threads: cheap, and must not
// write the instrument that asks.
using TraceContextHook = std::function<Labels()>;

// Of the whole process; once, before the first write to a family with `asks_for_exemplars`.
// At most one observation of each instrument, or of each bucket, is asked for between two scrapes.
void SetTraceContextHook(TraceContextHook hook);

}  // namespace narthex::client
