// The signals that steer a service: taken by one thread, in order, never in a handler.
#pragma once

namespace narthex::apps {

enum class ServiceSignal {
  kReload,  // SIGHUP
  kStop,    // SIGTERM, SIGINT
};

// Blocks these signals for the calling thread and all it starts later, so that they wait to be
// taken; ignores SIGPIPE. To be called first in main(), before any thread exists: a SIGHUP that
// comes while the service starts is then taken as soon as it runs (spec CLI-072).
void BlockServiceSignals();

// Waits for the next one.
ServiceSignal AwaitServiceSignal();

// Sends SIGTERM to this process: the way from a request to stop (`/-/quit`) to
// AwaitServiceSignal().
void RequestStop();

}  // namespace narthex::apps
