// The HTTP routes by which knobs are turned.
#pragma once

#include "demo_exposer/run_exposer.h"
#include "http/router.h"
#include "playground.h"

namespace narthex::demo_exposer {

// Adds GET /control/state, GET /control/exposition and the POST routes of docs/guide/exposer.md.
// Every POST answers with the state that it made. `playground` outlives the router.
void AddControlRoutes(http::Router& router, Playground& playground, const ControlOptions& options);

}  // namespace narthex::demo_exposer
