// query, query_range, format_query, parse_query.
#include <fmt/format.h>

#include "answer.h"
#include "api/parse_tree.h"
#include "api/query_stats.h"
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

// Source: spec ANN-001.
void CutNotes(std::vector<std::string>& notes, std::string_view kind) {
  constexpr std::size_t kNoteCountMax = 10;
  if (notes.size() <= kNoteCountMax) return;
  const std::size_t omitted_count = notes.size() - kNoteCountMax;
  notes.resize(kNoteCountMax);
  notes.push_back(fmt::format("{} more {} annotations omitted", omitted_count, kind));
}

http::Response QueryAnswer(engine::QueryResult result, std::size_t limit,
                           std::string_view stats_parameter) {
  Notes notes{result.warnings, result.infos};
  if (Truncate(result, limit)) notes.warnings.emplace_back(kTruncated);
  // Anything asks for them; only two words are meant to.
  const bool has_stats = !stats_parameter.empty();
  if (has_stats && stats_parameter != "true" && stats_parameter != "all") {
    notes.warnings.push_back(fmt::format(
        "value {} for parameter \"stats\" is deprecated and will be rejected in the next major "
        "release, use \"true\" or \"all\"",
        model::Quote(stats_parameter)));
  }
  CutNotes(notes.warnings, "warning");
  CutNotes(notes.infos, "info");
  const AnswerSize size =
      SampleCount(result) > kSmallSampleCount ? AnswerSize::kLarge : AnswerSize::kSmall;
  // Shared: the function that writes is copied along with the answer.
  const auto shared = std::make_shared<const engine::QueryResult>(std::move(result));
  return Success(
      [shared, has_stats](json::Writer& writer) {
        writer.BeginObject();
        WriteQueryResult(writer, *shared);
        if (has_stats) {
          writer.Key("stats");
          WriteQueryStats(writer, shared->stats);
        }
        writer.EndObject();
      },
      std::move(notes), size);
}

Result<engine::QueryOptions> OptionsOf(const http::Request& request,
                                       const http::Parameters& parameters) {
  engine::QueryOptions options;
  options.stop = request.canceled;
  options.wants_step_counts = parameters.Get("stats") == "all";
  options.origin = {request.remote_address, request.method_name, request.path};
  const auto read = [&parameters](const char* name, std::string_view before,
                                  std::optional<std::chrono::milliseconds>& into) -> Status {
    const std::string_view text = parameters.Get(name);
    if (text.empty()) return Ok();
    const Result<std::chrono::milliseconds> duration = ParseDurationParameter(text);
    if (!duration.ok()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{}: {}", before, duration.error().message())};
    }
    into = *duration;
    return Ok();
  };
  NARTHEX_TRY(read("timeout", "invalid parameter \"timeout\"", options.timeout));
  NARTHEX_TRY(read("lookback_delta", "error parsing lookback delta duration", options.lookback));
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

Result<promql::ExprPtr> ParseQuery(Backend& backend, const http::Request& request) {
  return promql::ParseExpression(request.AllParameters().Get("query"),
                                 backend.engine().options().parse);
}

http::Response Parse(Backend& backend, const http::Request& request) {
  const Result<promql::ExprPtr> expr = ParseQuery(backend, request);
  if (!expr.ok()) return BadParameter("query", expr.error().message());
  return Success([&expr](json::Writer& writer) { WriteParseTree(writer, **expr); });
}

http::Response Format(Backend& backend, const http::Request& request) {
  const Result<promql::ExprPtr> expr = ParseQuery(backend, request);
  if (!expr.ok()) return BadParameter("query", expr.error().message());
  return Success([text = promql::Format(**expr)](json::Writer& writer) { writer.String(text); });
}

}  // namespace

void AddQueryRoutes(Routes& routes, Backend& backend, const Clock& clock) {
  routes.GetAndPost("/query",
                    [&](const http::Request& request) { return Instant(backend, clock, request); });
  routes.GetAndPost("/query_range",
                    [&](const http::Request& request) { return Range(backend, request); });
  routes.GetAndPost("/format_query",
                    [&](const http::Request& request) { return Format(backend, request); });
  routes.GetAndPost("/parse_query",
                    [&](const http::Request& request) { return Parse(backend, request); });
}

}  // namespace narthex::api
