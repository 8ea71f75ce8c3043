#include "query_command.h"

#include <fmt/format.h>

#include <cmath>

#include "api/time_parameter.h"
#include "api_client.h"
#include "base/clock.h"
#include "base/number.h"
#include "result_text.h"

namespace narthex::apps {
namespace {

using std::chrono::milliseconds;

// Where no times are given; far enough for all samples. Source: promtool.
constexpr std::chrono::hours kFar{9999};
constexpr std::chrono::minutes kDefaultRange{5};
constexpr double kDefaultPointCount = 250;

int Failed(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

int QueryFailed(const Error& error) { return Failed("query error: " + error.message()); }

void PrintLine(const std::string& line) { std::printf("%s\n", line.c_str()); }

std::string Seconds(TimestampMs time) {
  return FormatDouble(static_cast<double>(time) / 1000, FloatFormat::kPlain);
}

Result<TimestampMs> TimeOr(const std::string& text, TimestampMs otherwise, std::string_view what) {
  if (text.empty()) return otherwise;
  Result<TimestampMs> time = api::ParseTime(text);
  if (!time.ok()) return std::move(time).error().Under(fmt::format("error parsing {} time", what));
  return time;
}

void PrintResult(const json::Value& data, bool is_json) {
  PrintLine(is_json ? json::Print(data["result"]) : ResultText(data));
}

http::Headers HeadersOf(const std::vector<std::string>& texts) {
  http::Headers headers;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) headers.Add(text.substr(0, equals), text.substr(equals + 1));
  }
  return headers;
}

const CLI::Validator kHeaderForm(
    [](std::string& text) {
      return text.find('=') == std::string::npos ? "must be name=value" : std::string();
    },
    "name=value");

}  // namespace

QueryCommand::QueryCommand(CLI::App& query)
    : query_(query),
      instant_(*query.add_subcommand("instant", "The value of an expression at one time")),
      range_(*query.add_subcommand("range", "The values of an expression at steps")),
      series_(*query.add_subcommand("series", "The series that selectors accept")),
      labels_(*query.add_subcommand("labels", "The values of a label")) {
  query.require_subcommand(1);
  query.add_option("-o,--format", format_, "promql or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"promql", "json"}));
  for (CLI::App* command : {&instant_, &range_, &series_, &labels_})
    command->add_option("server", server_, "http://host:port of the server")->required();
  for (CLI::App* command : {&instant_, &range_}) {
    command->add_option("expression", expression_, "What to evaluate")->required();
    command->add_option("--header", headers_, "name=value, sent along; may be repeated")
        ->check(kHeaderForm)
        ->allow_extra_args(false);
  }
  labels_.add_option("name", label_, "The label")->required();
  instant_.add_option("--time", time_, "Unix seconds or RFC 3339 (default: now)");
  for (CLI::App* command : {&range_, &series_, &labels_}) {
    command->add_option("--start", start_, "Unix seconds or RFC 3339");
    command->add_option("--end", end_, "Unix seconds or RFC 3339");
  }
  range_.add_option("--step", step_, "Time between steps, 15s");
  CLI::Option* match =
      series_.add_option("--match", selectors_, "A selector, up{job=\"a\"}; may be repeated")
          ->allow_extra_args(false);
  match->required();
  labels_.add_option("--match", selectors_, "Only of series of this selector; may be repeated")
      ->allow_extra_args(false);
}

int QueryCommand::Run() const {
  const ApiClient client(server_, HeadersOf(headers_));
  if (instant_.parsed()) return Instant(client);
  if (range_.parsed()) return Range(client);
  return series_.parsed() ? Series(client) : Labels(client);
}

int QueryCommand::Instant(const ApiClient& client) const {
  const Result<TimestampMs> time = TimeOr(time_, SystemClock().Now(), "evaluation");
  if (!time.ok()) return Failed(time.error().message());
  http::Parameters parameters;
  parameters.Add("query", expression_);
  parameters.Add("time", Seconds(*time));
  const Result<json::Value> data = client.Ask("/api/v1/query", parameters);
  if (!data.ok()) return QueryFailed(data.error());
  PrintResult(*data, is_json());
  return 0;
}

int QueryCommand::Range(const ApiClient& client) const {
  const Result<TimestampMs> end = TimeOr(end_, SystemClock().Now(), "end");
  if (!end.ok()) return Failed(end.error().message());
  const Result<TimestampMs> start =
      TimeOr(start_, *end - milliseconds(kDefaultRange).count(), "start");
  if (!start.ok()) return Failed(start.error().message());
  if (*start >= *end) return Failed("start time is not before end time");
  const double seconds = static_cast<double>(*end - *start) / 1000;
  http::Parameters parameters;
  parameters.Add("query", expression_);
  parameters.Add("start", Seconds(*start));
  parameters.Add("end", Seconds(*end));
  parameters.Add("step", !step_.empty()
                             ? step_
                             : FormatDouble(std::max(std::floor(seconds / kDefaultPointCount), 1.0),
                                            FloatFormat::kPlain));
  const Result<json::Value> data = client.Ask("/api/v1/query_range", parameters);
  if (!data.ok()) return QueryFailed(data.error());
  PrintResult(*data, is_json());
  return 0;
}

namespace {

Result<http::Parameters> WindowParameters(const std::string& start, const std::string& end,
                                          const std::vector<std::string>& selectors) {
  const TimestampMs now = SystemClock().Now();
  NARTHEX_ASSIGN_OR_RETURN(const TimestampMs from,
                           TimeOr(start, now - milliseconds(kFar).count(), "start"));
  NARTHEX_ASSIGN_OR_RETURN(const TimestampMs until,
                           TimeOr(end, now + milliseconds(kFar).count(), "end"));
  http::Parameters parameters;
  for (const std::string& selector : selectors) parameters.Add("match[]", selector);
  parameters.Add("start", Seconds(from));
  parameters.Add("end", Seconds(until));
  return parameters;
}

}  // namespace

int QueryCommand::Series(const ApiClient& client) const {
  const Result<http::Parameters> parameters = WindowParameters(start_, end_, selectors_);
  if (!parameters.ok()) return Failed(parameters.error().message());
  const Result<json::Value> data = client.Ask("/api/v1/series", *parameters);
  if (!data.ok()) return QueryFailed(data.error());
  if (is_json()) {
    PrintLine(json::Print(*data));
    return 0;
  }
  for (const json::Value& labels : data->items()) PrintLine(SeriesText(labels));
  return 0;
}

int QueryCommand::Labels(const ApiClient& client) const {
  const Result<http::Parameters> parameters = WindowParameters(start_, end_, selectors_);
  if (!parameters.ok()) return Failed(parameters.error().message());
  const Result<json::Value> data =
      client.Ask("/api/v1/label/" + http::UrlEncode(label_) + "/values", *parameters);
  if (!data.ok()) return QueryFailed(data.error());
  for (const std::string& warning : client.warnings())
    std::fprintf(stderr, "query warning: %s\n", warning.c_str());
  if (is_json()) {
    PrintLine(json::Print(*data));
    return 0;
  }
  for (const json::Value& value : data->items()) PrintLine(std::string(value.AsString()));
  return 0;
}

}  // namespace narthex::apps
