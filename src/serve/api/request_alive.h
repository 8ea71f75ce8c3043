// Whether anybody still waits for the answer of a request.
#pragma once

#include "api/backend.h"
#include "base/alive.h"
#include "base/clock.h"
#include "http/message.h"

namespace narthex::api {

// Fails with kCanceled once the client is gone, with kDeadlineExceeded once the request has taken
// as long as a query may. May be asked on any thread while `backend` and `clock` live.
AliveCheck AliveCheckOf(const http::Request& request, Backend& backend, const Clock& clock);

}  // namespace narthex::api
