// Parameters of requests: times, durations, limits, selectors.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "api/time_parameter.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "model/matcher.h"
#include "model/sample.h"

namespace narthex::api {

// The errors of these are `invalid parameter "name": ...`.
Result<TimestampMs> TimeParameter(const http::Parameters& parameters, std::string_view name,
                                  TimestampMs otherwise);
// start and end; all time where they are not given.
Result<model::TimeRange> RangeParameters(const http::Parameters& parameters);
// 0: no limit.
Result<std::size_t> LimitParameter(const http::Parameters& parameters,
                                   std::string_view name = "limit");
// Of match[]; each has a condition that the empty value does not meet. Errors do not name the
// parameter.
Result<std::vector<std::vector<model::Matcher>>> MatchParameters(
    const http::Parameters& parameters);

}  // namespace narthex::api
