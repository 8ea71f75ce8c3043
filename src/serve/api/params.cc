#include "params.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "model/labels.h"
#include "promql/parser.h"

namespace narthex::api {
namespace {

Error Wrong(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Error WrongParameter(std::string_view name, std::string_view reason) {
  return Wrong(fmt::format("invalid parameter \"{}\": {}", name, reason));
}

// However long.
bool IsInteger(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<TimestampMs> TimeParameter(const http::Parameters& parameters, std::string_view name,
                                  TimestampMs otherwise) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return otherwise;
  const Result<TimestampMs> time = ParseTime(text);
  if (!time.ok()) {
    return WrongParameter(
        name, fmt::format("invalid time value for '{}': {}", name, time.error().message()));
  }
  return *time;
}

Result<model::TimeRange> RangeParameters(const http::Parameters& parameters) {
  model::TimeRange range;
  NARTHEX_ASSIGN_OR_RETURN(range.from, TimeParameter(parameters, "start", range.from));
  NARTHEX_ASSIGN_OR_RETURN(range.until, TimeParameter(parameters, "end", range.until));
  return range;
}

Result<std::size_t> LimitParameter(const http::Parameters& parameters, std::string_view name) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return std::size_t{0};
  const std::optional<std::int64_t> limit = ParseInt64(text);
  if (!limit) {
    return WrongParameter(name,
                          fmt::format("strconv.Atoi: parsing {}: {}", model::Quote(text),
                                      IsInteger(text) ? "value out of range" : "invalid syntax"));
  }
  if (*limit < 0) return WrongParameter(name, "limit must be non-negative");
  return static_cast<std::size_t>(*limit);
}

Result<std::vector<std::vector<model::Matcher>>> MatchParameters(
    const http::Parameters& parameters) {
  std::vector<std::vector<model::Matcher>> sets;
  for (const std::string_view text : parameters.GetAll("match[]")) {
    Result<std::vector<model::Matcher>> matchers = promql::ParseMetricSelector(text);
    if (!matchers.ok()) return Error(matchers.error());
    const bool matches_nothing_given =
        std::all_of(matchers->begin(), matchers->end(),
                    [](const model::Matcher& matcher) { return matcher.MatchesEmpty(); });
    if (matches_nothing_given) {
      return Wrong("match[] must contain at least one non-empty matcher");
    }
    sets.push_back(*std::move(matchers));
  }
  return sets;
}

}  // namespace narthex::api
