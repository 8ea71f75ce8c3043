#include "client/clock.h"

#include "base/clock.h"

namespace narthex::client {

const Clock& MachineClock() { return SystemClock(); }
std::chrono::nanoseconds MonotonicTime(const Clock& clock) { return clock.Monotonic(); }

}  // namespace narthex::client
