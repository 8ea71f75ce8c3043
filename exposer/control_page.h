// The page at /control, for people.
#pragma once

#include "demo_exposer/run_exposer.h"
#include "http/router.h"

namespace narthex::demo_exposer {

// Adds GET /control and the files that the page asks for, below /control/page/. The page uses the
// routes of control_api.h alone.
void AddControlPage(http::Router& router, ControlAccess access);

}  // namespace narthex::demo_exposer
