// Knobs as JSON, in both directions.
#pragma once

#include <string_view>

#include "base/result.h"
#include "json/value.h"
#include "playground.h"

namespace narthex::demo_exposer {

// The document of GET /control/state. Source: docs/guide/exposer.md, "The state".
json::Value StateToJson(const PlaygroundState& state);

// {"traffic": 2, "latency_shape": "bimodal", "wave_points": [0, 1]}: any number of knobs.
//
// Errors: kInvalidArgument  bad JSON (the message has line and column), no object, a name that is
//                           no knob, a value of another kind or beyond the bounds; the message
//                           names the knob and what it takes
Result<KnobChanges> ParseKnobChanges(std::string_view text);

// {"amount": 2} with 0 < amount <= kAmountMax; an empty text and {} are 1.
// Errors: kInvalidArgument
inline constexpr double kAmountMax = 1e6;
Result<double> ParseAmount(std::string_view text);

// {"name": "deploy"}: the name, which may be that of no story.
// Errors: kInvalidArgument
Result<std::string> ParseStoryName(std::string_view text);

}  // namespace narthex::demo_exposer
