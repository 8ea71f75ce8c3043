#include "answers.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "json/reader.h"

namespace narthex::dashapi {

http::Response MessageAnswer(int status, std::string_view message) {
  return JsonAnswer(Object({{"message", Text(message)}}), status);
}

http::Response JsonAnswer(const json::Value& body, int status) {
  return http::Response::Json(status, json::Print(body));
}

int StatusFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kOutOfRange:
    case ErrorCode::kOutOfOrder:
    case ErrorCode::kUnsupported:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kPermissionDenied:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kAlreadyExists:
      return 409;
    case ErrorCode::kFailedPrecondition:
      return 412;
    case ErrorCode::kResourceExhausted:
      return 413;
    case ErrorCode::kCanceled:
      return 499;
    case ErrorCode::kDeadlineExceeded:
      return 504;
    case ErrorCode::kUnavailable:
    case ErrorCode::kNoSpace:
    case ErrorCode::kCorruption:
    case ErrorCode::kIo:
      return 503;
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

http::Response ErrorAnswer(const Error& error) {
  const int status = StatusFor(error.code());
  if (status >= 500) LogError("dashapi", "request failed", {{"error", error.message()}});
  return MessageAnswer(status, error.message());
}

Result<json::Value> JsonBody(const http::Request& request) {
  Result<json::Value> body = json::Parse(request.body);
  if (!body.ok()) return std::move(body).error().Under("bad request data");
  if (!body->is_object()) {
    return Error(ErrorCode::kInvalidArgument, "bad request data: a JSON object was expected");
  }
  return body;
}

json::Value Object(std::initializer_list<std::pair<std::string_view, json::Value>> members) {
  json::Value::Object object;
  object.reserve(members.size());
  for (const auto& [key, value] : members) object.push_back({std::string(key), value});
  return json::Value(std::move(object));
}

json::Value Text(std::string_view text) { return json::Value(text); }

std::string RfcTime(TimestampMs timestamp) {
  std::string text = FormatTimestamp(timestamp);
  // Clients of this API read times without fractions.
  if (text.size() > 5 && text[text.size() - 5] == '.') text.erase(text.size() - 5, 4);
  return text;
}

}  // namespace narthex::dashapi
