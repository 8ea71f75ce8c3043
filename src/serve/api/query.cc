// query, query_range, format_query.
#include <fmt/format.h>

#include "answer.h"
#include "encode.h"
#include "engine/engine.h"
#include "handlers.h"
#include "params.h"
#include "promql/parser.h"
#include "promql/printer.h"

namespace narthex::api {
namespace {

// Larger results are written while they are sent.
constexpr std::size_t kSmallSampleCount = 2000;
// Source: upstream, web/api/v1.
constexpr std::int64_t kStepCountMax = 11000;

http::Response QueryFailure(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidArgument:
      return BadParameter("query", error.message());
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnsupported:
      return Failure(ErrorType::kExecution, error.message());
    case ErrorCode::kCanceled:
      return Failure(ErrorType::kCanceled, error.message());
    case ErrorCode::kDeadlineExceeded:
      return Failure(ErrorType::kTimeout, error.message());
    default:
      return Failure(ErrorType::kInternal, error.message());
  }
}

void WriteStats(json::Writer& writer, const engine::QueryStats& stats) {
  writer.Key("stats");
  writer.BeginObject();
  writer.Key("timings");
  writer.BeginObject();
  const auto seconds = [&writer](std::string_view key, double value) {
    writer.Key(key);
    writer.Double(value);
  };
  seconds("evalTotalTime", stats.evaluation_seconds);
  seconds("resultSortTime", 0);
  seconds("queryPreparationTime", 0);
  seconds("innerEvalTime", stats.evaluation_seconds);
  seconds("execQueueTime", stats.queue_seconds);
  seconds("execTotalTime", stats.evaluation_seconds + stats.queue_seconds);
  writer.EndObject();
  writer.Key("samples");
  writer.BeginObject();
  json::Field(writer, "totalQueryableSamples", static_cast<std::int64_t>(stats.samples_read));
  json::Field(writer, "peakSamples", static_cast<std::int64_t>(stats.samples_peak));
  writer.EndObject();
  writer.EndObject();
}

// Cuts a vector or matrix to `limit` elements; true if something went.
bool Truncate(engine::QueryResult& result, std::size_t limit) {
  if (limit == 0) return false;
  if (auto* vector = std::get_if<engine::Vector>(&result.value);
      vector != nullptr && vector->size() > limit) {
    vector->resize(limit);
    return true;
  }
  if (auto* matrix = std::get_if<engine::Matrix>(&result.value);
      matrix != nullptr && matrix->size() > limit) {
    matrix->resize(limit);
    return true;
  }
  return false;
}

http::Response QueryAnswer(engine::QueryResult result, std::size_t limit,
                           std::string_view stats_parameter) {
  Notes notes{result.warnings, result.infos};
  if (Truncate(result, limit)) notes.warnings.emplace_back(kTruncated);
  const bool has_stats =
      stats_parameter == "true" || stats_parameter == "all" || stats_parameter == "1";
  if (!stats_parameter.empty() && !has_stats) {
    notes.warnings.push_back(
        fmt::format("unknown value of the parameter \"stats\": \"{}\"", stats_parameter));
  }
  const AnswerSize size =
      SampleCount(result) > kSmallSampleCount ? AnswerSize::kLarge : AnswerSize::kSmall;
  // Shared: the function that writes is copied along with the answer.
  const auto shared = std::make_shared<const engine::QueryResult>(std::move(result));
  return Success(
      [shared, has_stats](json::Writer& writer) {
        writer.BeginObject();
        WriteQueryResult(writer, *shared);
        if (has_stats) WriteStats(writer, shared->stats);
        writer.EndObject();
      },
      std::move(notes), size);
}

Result<engine::QueryOptions> OptionsOf(const http::Request& request,
                                       const http::Parameters& parameters) {
  engine::QueryOptions options;
  options.stop = request.canceled;
  for (const auto& [name, into] :
       {std::pair("timeout", &options.timeout), std::pair("lookback_delta", &options.lookback)}) {
    const std::string_view text = parameters.Get(name);
    if (text.empty()) continue;
    const Result<std::chrono::milliseconds> duration = ParseDurationParameter(text);
    if (!duration.ok()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("invalid parameter \"{}\": {}", name, duration.error().message())};
    }
    *into = *duration;
  }
  return options;
}

http::Response Instant(Backend& backend, const Clock& clock, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  const Result<std::size_t> limit = LimitParameter(parameters);
  if (!limit.ok()) return Failure(ErrorType::kBadData, limit.error().message());
  const Result<TimestampMs> time = TimeParameter(parameters, "time", clock.Now());
  if (!time.ok()) return Failure(ErrorType::kBadData, time.error().message());
  const Result<engine::QueryOptions> options = OptionsOf(request, parameters);
  if (!options.ok()) return Failure(ErrorType::kBadData, options.error().message());
  Result<engine::QueryResult> result =
      backend.engine().Instant(backend.store(), parameters.Get("query"), *time, *options);
  if (!result.ok()) return QueryFailure(result.error());
  return QueryAnswer(*std::move(result), *limit, parameters.Get("stats"));
}

Result<engine::RangeSpec> RangeOf(const http::Parameters& parameters) {
  const auto wrong = [](std::string_view name, std::string_view reason) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("invalid parameter \"{}\": {}", name, reason)};
  };
  const Result<TimestampMs> start = ParseTime(parameters.Get("start"));
  if (!start.ok()) return wrong("start", start.error().message());
  const Result<TimestampMs> end = ParseTime(parameters.Get("end"));
  if (!end.ok()) return wrong("end", end.error().message());
  if (*end < *start) return wrong("end", "end timestamp must not be before start time");
  const Result<std::chrono::milliseconds> step = ParseDurationParameter(parameters.Get("step"));
  if (!step.ok()) return wrong("step", step.error().message());
  if (step->count() <= 0) {
    return wrong(
        "step",
        "zero or negative query resolution step widths are not accepted. Try a positive integer");
  }
  if ((*end - *start) / step->count() > kStepCountMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the "
                 "query resolution (?step=XX)"};
  }
  return engine::RangeSpec{*start, *end, *step};
}

http::Response Range(Backend& backend, const http::Request& request) {
  const http::Parameters parameters = request.AllParameters();
  const Result<std::size_t> limit = LimitParameter(parameters);
  if (!limit.ok()) return Failure(ErrorType::kBadData, limit.error().message());
  const Result<engine::RangeSpec> range = RangeOf(parameters);
  if (!range.ok()) return Failure(ErrorType::kBadData, range.error().message());
  const Result<engine::QueryOptions> options = OptionsOf(request, parameters);
  if (!options.ok()) return Failure(ErrorType::kBadData, options.error().message());
  Result<engine::QueryResult> result =
      backend.engine().Range(backend.store(), parameters.Get("query"), *range, *options);
  if (!result.ok()) return QueryFailure(result.error());
  return QueryAnswer(*std::move(result), *limit, parameters.Get("stats"));
}

http::Response Format(const http::Request& request) {
  const Result<promql::ExprPtr> expr =
      promql::ParseExpression(request.AllParameters().Get("query"));
  if (!expr.ok()) return BadParameter("query", expr.error().message());
  return Success([text = promql::Format(**expr)](json::Writer& writer) { writer.String(text); });
}

}  // namespace

void AddQueryRoutes(Routes& routes, Backend& backend, const Clock& clock) {
  routes.GetAndPost("/query",
                    [&](const http::Request& request) { return Instant(backend, clock, request); });
  routes.GetAndPost("/query_range",
                    [&](const http::Request& request) { return Range(backend, request); });
  routes.GetAndPost("/format_query", Format);
}

}  // namespace narthex::api
