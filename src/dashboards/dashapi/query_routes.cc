#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "answers.h"
#include "authenticator.h"
#include "base/log.h"
#include "datasource_lookup.h"
#include "expression_query.h"
#include "frames.h"
#include "json/writer.h"
#include "prometheus_query.h"
#include "query_runner.h"
#include "routes.h"
#include "shared_queries.h"
#include "time_range.h"
#include "upstream.h"

namespace narthex::dashapi {
namespace {

using dashstore::Datasource;
using dashstore::Role;

// A panel has a handful; a request with more is no panel's.
constexpr std::size_t kQueryCountMax = 100;
// Samples come late at times; an answer that is this old may have missed some.
constexpr milliseconds kShareMax(1000);

// One query of the request on its way: refused, or with its answers.
struct Work {
  std::string ref_id;
  bool is_hidden = false;  // asked for the expressions only
  std::optional<Error> error;
  bool is_downstream = false;                  // the error is the other server's
  std::optional<expression::Command> command;  // of an expression
  expression::ValueSet computed;               // what it gave
  PrometheusQuery query;
  std::vector<SharedQueries::Question> questions;  // range, instant
  std::vector<SharedQueries::Answer> answers;      // none is an error
};

// "now-1h", "1700000000000" or the number itself.
Result<TimestampMs> ReadTime(const json::Value& value, TimestampMs now, RangeEnd end) {
  const std::string_view text = value.is_number() ? value.number_text() : value.AsString();
  if (text.empty()) return ParseTime(end == RangeEnd::kFrom ? "now-1h" : "now", now, end);
  return ParseTime(text, now, end);
}

Result<Datasource> NamedDatasource(Context& context, const Caller& caller,
                                   const json::Value& query) {
  const json::Value& named = query["datasource"];
  if (const auto id = query["datasourceId"].AsInt64(); id && !named.is_object()) {
    return FindDatasource(context, caller, "id", std::to_string(*id));
  }
  const std::string_view uid = named.is_object() ? named["uid"].AsString() : named.AsString();
  if (!uid.empty() && uid != "default" && uid != "-- Default --") {
    auto found = FindDatasource(context, caller, "uid", uid);
    return found.code() == ErrorCode::kNotFound ? FindDatasource(context, caller, "name", uid)
                                                : found;
  }
  NARTHEX_ASSIGN_OR_RETURN(auto chosen, context.store.datasources().FindDefault(caller.org_id));
  if (!chosen) return Error(ErrorCode::kNotFound, "Data source not found");
  return *std::move(chosen);
}

// What all queries of a request have in common.
struct Asking {
  const http::Request& request;
  const Caller& caller;
  QueryRange range;
};

Status Prepare(Context& context, const Asking& asking, const json::Value& query, Work& work) {
  const auto& [http_request, caller, range] = asking;
  if (IsExpression(query)) {
    NARTHEX_ASSIGN_OR_RETURN(work.command, ReadExpression(query, work.ref_id, range));
    return Ok();
  }
  NARTHEX_ASSIGN_OR_RETURN(const Datasource datasource, DatasourceOfQuery(context, caller, query));
  NARTHEX_ASSIGN_OR_RETURN(work.query,
                           ReadPrometheusQuery(query, datasource, range.from, range.to));
  for (const bool is_range : {true, false}) {
    if (!(is_range ? work.query.is_range : work.query.is_instant)) continue;
    NARTHEX_ASSIGN_OR_RETURN(auto request, QueryRequest(context, datasource, work.query, is_range));
    AddViewer(context, datasource, caller, http_request, request);
    // The end of a range is aligned to the step, so within one step the same question comes again.
    work.questions.push_back({std::move(request), ShareIdentity(datasource),
                              is_range ? std::min(work.query.step, kShareMax) : milliseconds(0)});
  }
  return Ok();
}

// Sends everything at once and hands the answers back to their queries.
void Execute(Context& context, const http::Request& request, std::vector<Work>& works) {
  std::vector<SharedQueries::Question> all;
  std::vector<Work*> owners;
  for (Work& work : works) {
    for (SharedQueries::Question& question : work.questions) {
      all.push_back(std::move(question));
      owners.push_back(&work);
    }
  }
  const auto answers = context.shared_queries.Ask(std::move(all), request.canceled);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Work& work = *owners[i];
    work.is_downstream = true;
    if (answers[i]->ok()) {
      work.answers.push_back(answers[i]);
    } else {
      work.error = answers[i]->error();
    }
  }
}

Work* FindWork(std::vector<Work>& works, std::string_view ref_id) {
  const auto found = std::find_if(works.begin(), works.end(),
                                  [&](const Work& work) { return work.ref_id == ref_id; });
  return found == works.end() ? nullptr : &*found;
}

// Leaves out what is hidden and no expression needs, by way of others or not.
void DropUnneeded(std::vector<Work>& works) {
  std::set<std::string, std::less<>> needed;
  std::vector<std::string> open;
  for (const Work& work : works) {
    if (!work.is_hidden) open.push_back(work.ref_id);
  }
  while (!open.empty()) {
    const std::string ref_id = std::move(open.back());
    open.pop_back();
    if (!needed.insert(ref_id).second) continue;
    const Work* work = FindWork(works, ref_id);
    if (work == nullptr || !work->command) continue;
    open.insert(open.end(), work->command->inputs.begin(), work->command->inputs.end());
  }
  std::erase_if(works, [&](const Work& work) { return !needed.contains(work.ref_id); });
}

// What a query gave, as an expression takes it: the range where both were asked.
Result<expression::ValueSet> InputOf(const Work& work) {
  if (work.command) return work.computed;
  return ReadValues(**work.answers.front());
}

Result<expression::ValueSet> Compute(const Work& work, std::vector<Work>& works) {
  expression::Inputs inputs;
  for (const std::string& ref_id : work.command->inputs) {
    const Work* input = FindWork(works, ref_id);
    if (input == nullptr) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("[sse.parseError] failed to parse expression [{}]: unable to find "
                               "dependent node '{}'",
                               work.ref_id, ref_id));
    }
    if (input->error) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("[sse.dependencyError] did not execute expression [{}] due to a "
                               "failure of the dependent expression or query [{}]",
                               work.ref_id, ref_id));
    }
    auto values = InputOf(*input);
    if (!values.ok()) return Error(values.error()).Under(fmt::format("query [{}]", ref_id));
    inputs.emplace(ref_id, *std::move(values));
  }
  auto computed = work.command->run(inputs);
  if (computed.ok()) return computed;
  return Error(computed.error()).Under(fmt::format("expression [{}]", work.ref_id));
}

// Runs the expressions once the data sources have answered, each behind those it reckons with.
void ComputeExpressions(std::vector<Work>& works) {
  std::map<std::string, std::vector<std::string>, std::less<>> waits;
  for (const Work& work : works) {
    if (work.command) waits.emplace(work.ref_id, work.command->inputs);
  }
  const auto order = expression::RunOrder(waits);
  for (Work& work : works) {
    if (work.command && !order.ok()) work.error = order.error();
  }
  if (!order.ok()) return;
  for (const std::string& ref_id : *order) {
    Work& work = *FindWork(works, ref_id);
    auto computed = Compute(work, works);
    if (computed.ok()) {
      work.computed = *std::move(computed);
    } else {
      work.error = computed.error();
    }
  }
}

int StatusOf(const Work& work) {
  if (!work.error) return 200;
  if (!work.is_downstream) return StatusFor(work.error->code());
  switch (work.error->code()) {
    case ErrorCode::kInvalidArgument:
      return 400;
    case ErrorCode::kDeadlineExceeded:
      return 504;
    default:
      return 502;
  }
}

// Before anything is written: names are made of the query's text, errors and warnings quote it.
void LeaveResultsOnly(std::vector<Work>& works) {
  for (Work& work : works) {
    work.query.expr.clear();
    work.computed.warnings.clear();
    if (!work.error) continue;
    LogWarn("dashapi", "query of a public dashboard failed",
            {{"refId", work.ref_id}, {"error", work.error->message()}});
    work.error = Error(work.error->code(), "the query failed");
  }
}

void WriteWork(json::Writer& writer, const Work& work) {
  writer.Key(work.ref_id);
  writer.BeginObject();
  if (work.error) {
    Field(writer, "error", std::string_view(work.error->message()));
    Field(writer, "errorSource", work.is_downstream ? "downstream" : "plugin");
  }
  Field(writer, "status", std::int64_t{StatusOf(work)});
  writer.Key("frames");
  writer.BeginArray();
  if (!work.error && work.command) WriteFrames(writer, work.computed, work.ref_id);
  if (!work.error) {
    for (const SharedQueries::Answer& shared : work.answers) {
      const SeriesAnswer& answer = **shared;
      const bool is_matrix = answer.result_type == "matrix";
      WriteFrames(writer, answer,
                  {work.ref_id, work.query.legend_format, work.query.expr,
                   is_matrix && work.query.is_range ? work.query.step : milliseconds(0)});
    }
  }
  writer.EndArray();
  writer.EndObject();
}

void WriteAnswer(json::Writer& writer, const std::vector<Work>& works) {
  writer.BeginObject();
  writer.Key("results");
  writer.BeginObject();
  for (const Work& work : works) WriteWork(writer, work);
  writer.EndObject();
  writer.EndObject();
}

// Written while it is sent: as text it is several times what it is as columns.
http::Response Answer(std::vector<Work> works) {
  const auto failed = std::count_if(works.begin(), works.end(),
                                    [](const Work& work) { return work.error.has_value(); });
  // 207: the answer says for each query how it went.
  const int status = failed == 0 ? 200 : failed == std::ssize(works) ? 400 : 207;
  http::Response response = http::Response::Json(status, "");
  response.stream =
      [works = std::make_shared<const std::vector<Work>>(std::move(works))](http::BodyWriter& out) {
        json::Writer writer([&out](std::string_view block) { return out.Write(block); });
        WriteAnswer(writer, *works);
        return writer.Finish();
      };
  return response;
}

}  // namespace

Result<QueryRange> ReadQueryRange(const json::Value& body, TimestampMs now) {
  QueryRange range;
  NARTHEX_ASSIGN_OR_RETURN(range.from, ReadTime(body["from"], now, RangeEnd::kFrom));
  NARTHEX_ASSIGN_OR_RETURN(range.to, ReadTime(body["to"], now, RangeEnd::kTo));
  return range;
}

Result<Datasource> DatasourceOfQuery(Context& context, const Caller& caller,
                                     const json::Value& query) {
  NARTHEX_ASSIGN_OR_RETURN(Datasource datasource, NamedDatasource(context, caller, query));
  if (datasource.type == "prometheus") return datasource;
  return Error(ErrorCode::kUnsupported,
               fmt::format("data sources of type '{}' cannot be queried", datasource.type));
}

std::string ShareIdentity(const Datasource& datasource) {
  return fmt::format("{} {}", datasource.id, datasource.version);
}

http::Response RunQueries(Context& context, const http::Request& request, const Caller& caller,
                          const json::Value& body, Telling telling) {
  const json::Value::Array& queries = body["queries"].items();
  if (queries.empty()) return MessageAnswer(400, "no queries found");
  if (queries.size() > kQueryCountMax) {
    return MessageAnswer(400, fmt::format("a request may hold at most {} queries", kQueryCountMax));
  }
  const Result<QueryRange> range = ReadQueryRange(body, context.clock.Now());
  if (!range.ok()) return ErrorAnswer(range.error());

  std::vector<Work> works;
  std::set<std::string> ref_ids;
  for (const json::Value& query : queries) {
    Work work;
    work.ref_id = query["refId"].AsString("A");
    work.is_hidden = query["hide"].AsBool().value_or(false);
    if (!ref_ids.insert(work.ref_id).second) {
      return MessageAnswer(400, fmt::format("two queries have the refId '{}'", work.ref_id));
    }
    if (Status prepared = Prepare(context, {request, caller, *range}, query, work);
        !prepared.ok()) {
      work.questions.clear();
      work.error = prepared.error();
    }
    works.push_back(std::move(work));
  }
  DropUnneeded(works);
  Execute(context, request, works);
  ComputeExpressions(works);
  std::erase_if(works, [](const Work& work) { return work.is_hidden; });
  if (telling == Telling::kResultsOnly) LeaveResultsOnly(works);
  return Answer(std::move(works));
}

void AddQueryRoutes(http::Router& router, Context& context) {
  router.Post("/api/ds/query",
              RequireRole(context, Role::kViewer,
                          [&context](const http::Request& request, const Caller& caller) {
                            const Result<json::Value> body = JsonBody(request);
                            return body.ok() ? RunQueries(context, request, caller, *body)
                                             : ErrorAnswer(body.error());
                          }));
}

}  // namespace narthex::dashapi
