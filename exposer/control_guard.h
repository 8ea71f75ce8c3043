// Who may come to the control routes.
#pragma once

#include <optional>

#include "demo_exposer/run_exposer.h"
#include "http/router.h"

namespace narthex::demo_exposer {

// The answer that turns `request` away; empty if it may come in.
//
// kNobody: 404, as if there were no such routes. kLoopback: peers of this machine that came
// directly, not by a proxy, and called it by an address or as localhost: a name could have been
// bound to this machine by others (DNS rebinding). kAll: everybody.
// A POST has, besides, to come from a page of this very host, if from a page at all, and to have
// JSON in its body, which a form of another page cannot send.
std::optional<http::Response> TurnAway(const http::Request& request, ControlAccess access);

// `handler` for those who may come in.
http::Handler Checked(ControlAccess access, http::Handler handler);

}  // namespace narthex::demo_exposer
