#include "answer.h"

#include <fmt/format.h>

namespace narthex::api {
namespace {

struct TypeFacts {
  std::string_view name;
  int status;
};

TypeFacts FactsOf(ErrorType type) {
  switch (type) {
    case ErrorType::kBadData:
      return {"bad_data", 400};
    case ErrorType::kExecution:
      return {"execution", 422};
    case ErrorType::kCanceled:
      return {"canceled", 499};
    case ErrorType::kTimeout:
      return {"timeout", 503};
    case ErrorType::kNotFound:
      return {"not_found", 404};
    // Upstream has no status of its own for it; clients rely on 500.
    case ErrorType::kUnavailable:
      return {"unavailable", 500};
    case ErrorType::kInternal:
      break;
  }
  return {"internal", 500};
}

void WriteTexts(json::Writer& writer, std::string_view key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  writer.Key(key);
  writer.BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

void WriteEnvelope(json::Writer& writer, const WriteData& write, const Notes& notes) {
  writer.BeginObject();
  json::Field(writer, "status", "success");
  writer.Key("data");
  write(writer);
  WriteTexts(writer, "warnings", notes.warnings);
  WriteTexts(writer, "infos", notes.infos);
  writer.EndObject();
}

}  // namespace

http::Response Success(WriteData write, Notes notes, AnswerSize size) {
  if (size == AnswerSize::kSmall) {
    std::string body;
    json::Writer writer(body);
    WriteEnvelope(writer, write, notes);
    return http::Response::Json(200, std::move(body));
  }
  http::Response response = http::Response::Json(200, "");
  response.stream = [write = std::move(write), notes = std::move(notes)](http::BodyWriter& body) {
    json::Writer writer([&body](std::string_view block) { return body.Write(block); });
    WriteEnvelope(writer, write, notes);
    return writer.Finish();
  };
  return response;
}

http::Response Failure(ErrorType type, std::string_view message) {
  const TypeFacts facts = FactsOf(type);
  std::string body;
  json::Writer writer(body);
  writer.BeginObject();
  json::Field(writer, "status", "error");
  json::Field(writer, "errorType", facts.name);
  json::Field(writer, "error", message);
  writer.EndObject();
  return http::Response::Json(facts.status, std::move(body));
}

http::Response BadParameter(std::string_view name, std::string_view reason) {
  return Failure(ErrorType::kBadData, fmt::format("invalid parameter \"{}\": {}", name, reason));
}

http::Response StoreFailure(const Error& error) {
  if (error.code() == ErrorCode::kCanceled) return Failure(ErrorType::kCanceled, error.message());
  if (error.code() == ErrorCode::kDeadlineExceeded)
    return Failure(ErrorType::kTimeout, error.message());
  return Failure(ErrorType::kInternal, error.message());
}

}  // namespace narthex::api
