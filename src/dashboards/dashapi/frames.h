// Data frames in JSON: what `/api/ds/query` answers with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expression/value.h"
#include "json/writer.h"
#include "series_answer.h"
#include "step.h"

namespace narthex::dashapi {

struct FrameInput {
  std::string_view ref_id;
  std::string_view legend_format;
  std::string_view expr;  // as it was executed; empty: nothing is told of the query
  milliseconds step{0};   // 0 for an instant query
};

// Writes a frame for each series of `answer` (histogram samples: one more, of cells), into an open
// array. An empty answer gives one frame without fields. Values that JSON cannot say are null and
// named in `entities`. The first frame carries the executed query and the server's warnings.
// Source: Grafana data plane, JSON of data frames.
void WriteFrames(json::Writer& writer, const SeriesAnswer& answer, const FrameInput& input);

// The same of what an expression gave: a frame for each value, whose field is named `ref_id`.
// Source: Grafana, server-side expressions.
void WriteFrames(json::Writer& writer, const expression::ValueSet& set, std::string_view ref_id);

}  // namespace narthex::dashapi
