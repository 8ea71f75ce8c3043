// The envelope of every answer, and errors as the API words them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "json/writer.h"

namespace narthex::api {

enum class ErrorType {
  kBadData,
  kExecution,
  kCanceled,
  kTimeout,
  kInternal,
  kNotFound,
  kUnavailable
};

struct Notes {
  std::vector<std::string> warnings = {};
  std::vector<std::string> infos = {};
};

// Writes the value of `data`. Kept until the answer has been sent: it owns what it writes.
using WriteData = std::function<void(json::Writer&)>;

enum class AnswerSize {
  kSmall,  // made at once
  kLarge,  // made while it is sent
};

http::Response Success(WriteData write, Notes notes = {}, AnswerSize size = AnswerSize::kSmall);
http::Response Failure(ErrorType type, std::string_view message);
// `invalid parameter "start": ...`, 400.
http::Response BadParameter(std::string_view name, std::string_view reason);
// An error of the store: 500. Of a request that was given up: as such.
http::Response StoreFailure(const Error& error);

inline constexpr std::string_view kTruncated = "results truncated due to limit";

}  // namespace narthex::api
