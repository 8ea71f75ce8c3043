// Time: instants as milliseconds since the Unix epoch, taken from a Clock that tests can move.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>

namespace narthex {

// Milliseconds since 1970-01-01 00:00 UTC, leap seconds not counted; may be negative.
using TimestampMs = std::int64_t;

// Thread-safe. Lives longer than everything that was given a reference to it.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time; may jump when the machine's clock is set.
  virtual TimestampMs Now() const = 0;

  // Time since an arbitrary start, never going back; for measuring durations.
  virtual std::chrono::nanoseconds Monotonic() const = 0;

  // Blocks until Monotonic() has reached `deadline` or `stop` is requested.
  // False if it was stopped first.
  virtual bool WaitUntil(std::chrono::nanoseconds deadline, std::stop_token stop) = 0;

  // WaitUntil, `duration` from now on.
  bool WaitFor(std::chrono::nanoseconds duration, std::stop_token stop) {
    return WaitUntil(Monotonic() + duration, std::move(stop));
  }
};

// The machine's clock; lives as long as the process.
Clock& SystemClock();

// "2026-01-31T23:59:59.123Z", the form of logs and of the HTTP API (RFC 3339, milliseconds).
std::string FormatTimestamp(TimestampMs timestamp);

}  // namespace narthex
