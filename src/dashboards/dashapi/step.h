// The step of a Prometheus query and the variables that depend on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace narthex::dashapi {

using std::chrono::milliseconds;

// "15s", "1m30s", "1d", a plain number of seconds, ">15s"; empty if malformed or not positive.
std::optional<milliseconds> ParseInterval(std::string_view text);

// The largest unit alone, truncated: 90 s is "1m". Source: Grafana, how `$__interval` is written.
std::string FormatInterval(milliseconds interval);
// As Go writes durations: "1m15s", "500ms", "1h0m0s". Source: Go's time.Duration.String.
std::string FormatGoDuration(milliseconds duration);

// To the next value that people read easily. Source: Grafana's roundInterval.
milliseconds RoundInterval(milliseconds interval);

struct StepInput {
  TimestampMs from = 0;
  TimestampMs to = 0;
  std::string_view interval;  // of the query: its smallest step, may be `$__rate_interval`
  std::string_view datasource_interval;  // jsonData.timeInterval
  milliseconds frontend_interval{0};     // intervalMs; 0: not given
  std::int64_t point_count_max = 0;      // maxDataPoints; 0: not given
  std::int64_t interval_factor = 1;
};

struct Step {
  milliseconds step{0};
  milliseconds rate_interval{0};  // what `$__rate_interval` stands for
};

// Source: Grafana's Prometheus data source: interval, min step, resolution and safe interval.
Step CalculateStep(const StepInput& input);

// Replaces `$__interval`, `$__interval_ms`, `$__rate_interval`, `$__rate_interval_ms`, `$__range`,
// `$__range_s` and `$__range_ms`, also written `${__interval}`.
std::string ReplaceStepVariables(std::string_view expr, const Step& step, milliseconds range);

}  // namespace narthex::dashapi
