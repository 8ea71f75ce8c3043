// Answers in the shapes that clients of Grafana's API expect.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/result.h"
#include "http/message.h"
#include "json/value.h"

namespace narthex::dashapi {

// {"message":"..."}
http::Response MessageAnswer(int status, std::string_view message);
http::Response JsonAnswer(const json::Value& body, int status = 200);

// The status for an error's code; trouble with the database or the machine is 503, never 401 or
// 404.
int StatusFor(ErrorCode code);
// MessageAnswer with StatusFor; errors that are not the caller's fault are logged.
http::Response ErrorAnswer(const Error& error);

// The body as JSON object. Errors: kInvalidArgument "bad request data" with place and reason.
Result<json::Value> JsonBody(const http::Request& request);

// Builds objects: Object({{"id", json::Value(1)}, ...}).
json::Value Object(std::initializer_list<std::pair<std::string_view, json::Value>> members);
json::Value Text(std::string_view text);

// "2026-01-31T23:59:59Z"
std::string RfcTime(TimestampMs timestamp);

}  // namespace narthex::dashapi
