// The time for measuring durations.
#pragma once

#include <chrono>

namespace narthex {
class Clock;
}  // namespace narthex

namespace narthex::client {

// The machine's clock; lives as long as the process.
const Clock& MachineClock();
// Since an arbitrary start, never going back.
std::chrono::nanoseconds MonotonicTime(const Clock& clock);

}  // namespace narthex::client
