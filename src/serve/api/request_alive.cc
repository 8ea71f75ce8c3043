#include "request_alive.h"

#include "engine/engine.h"

namespace narthex::api {

AliveCheck AliveCheckOf(const http::Request& request, Backend& backend, const Clock& clock) {
  const auto deadline = clock.Monotonic() + backend.engine().options().timeout;
  return [canceled = request.canceled, deadline, &clock]() -> Status {
    if (canceled.stop_requested()) return Error{ErrorCode::kCanceled, "the request was canceled"};
    if (clock.Monotonic() >= deadline) {
      return Error{ErrorCode::kDeadlineExceeded, "the request timed out"};
    }
    return Ok();
  };
}

}  // namespace narthex::api
