#include "prometheus_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "upstream.h"

namespace narthex::dashapi {
namespace {

constexpr std::int64_t kOffsetMaxS = 24 * 3600;

// "1700000000.123": seconds as the API takes them.
std::string Seconds(std::int64_t ms) {
  return FormatDouble(static_cast<double>(ms) / 1000, FloatFormat::kPlain);
}

// Down to a multiple of the step as the clock of the viewer shows it.
TimestampMs Align(TimestampMs at, milliseconds step, std::int64_t offset_ms) {
  const std::int64_t shifted = at + offset_ms;
  const std::int64_t rest = ((shifted % step.count()) + step.count()) % step.count();
  return shifted - rest - offset_ms;
}

milliseconds IntervalMs(const json::Value& query) {
  // Above a year it is no interval of a panel.
  constexpr double kMax = 366.0 * 86'400'000;
  const double value = query["intervalMs"].AsDouble().value_or(0);
  return milliseconds(value >= 1 && value <= kMax ? static_cast<std::int64_t>(value) : 0);
}

}  // namespace

Result<PrometheusQuery> ReadPrometheusQuery(const json::Value& query,
                                            const dashstore::Datasource& datasource,
                                            TimestampMs from, TimestampMs to) {
  PrometheusQuery read;
  read.ref_id = query["refId"].AsString("A");
  read.legend_format = query["legendFormat"].AsString();
  if (query["expr"].AsString().empty())
    return Error(ErrorCode::kInvalidArgument, "query expression is required");
  if (to < from) return Error(ErrorCode::kInvalidArgument, "the time range ends before it begins");
  read.is_instant = query["instant"].AsBool().value_or(false);
  read.is_range = query["range"].AsBool().value_or(false) || !read.is_instant;

  StepInput input;
  input.from = from;
  input.to = to;
  input.interval = query["interval"].AsString();
  input.datasource_interval = datasource.json_data["timeInterval"].AsString();
  input.frontend_interval = IntervalMs(query);
  input.point_count_max =
      std::clamp<std::int64_t>(query["maxDataPoints"].AsInt64().value_or(0), 0, 100'000);
  input.interval_factor = query["intervalFactor"].AsInt64().value_or(1);
  const Step step = CalculateStep(input);

  read.step = step.step;
  read.expr = ReplaceStepVariables(query["expr"].AsString(), step, milliseconds(to - from));
  const std::int64_t offset_s =
      std::clamp(query["utcOffsetSec"].AsInt64().value_or(0), -kOffsetMaxS, kOffsetMaxS);
  read.from = Align(from, step.step, offset_s * 1000);
  read.to = Align(to, step.step, offset_s * 1000);
  read.instant = to;
  return read;
}

Result<http::ClientRequest> QueryRequest(Context& context, const dashstore::Datasource& datasource,
                                         const PrometheusQuery& query, bool is_range) {
  http::Parameters form;
  form.Add("query", query.expr);
  if (is_range) {
    form.Add("start", Seconds(query.from));
    form.Add("end", Seconds(query.to));
    form.Add("step", Seconds(query.step.count()));
  } else {
    form.Add("time", Seconds(query.instant));
  }
  const std::string_view timeout = datasource.json_data["queryTimeout"].AsString();
  if (!timeout.empty()) form.Add("timeout", std::string(timeout));

  const std::string path = is_range ? "/api/v1/query_range" : "/api/v1/query";
  const bool is_get = datasource.json_data["httpMethod"].AsString() == "GET";
  NARTHEX_ASSIGN_OR_RETURN(
      http::ClientRequest request,
      UpstreamRequest(context, datasource, is_get ? path + "?" + form.ToString() : path));
  if (!is_get) {
    request.method = "POST";
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.body = form.ToString();
  }
  return request;
}

}  // namespace narthex::dashapi
