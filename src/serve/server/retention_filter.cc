#include "retention_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/duration.h"
#include "model/labels.h"
#include "promql/parser.h"

namespace narthex::server {

Result<tsdb::RetentionRule> ParseRetentionFilter(std::string_view text) {
  const auto parse = [&]() -> Result<tsdb::RetentionRule> {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
      return Error{ErrorCode::kInvalidArgument, "not of the form {selector}:duration"};
    }
    tsdb::RetentionRule rule;
    NARTHEX_ASSIGN_OR_RETURN(rule.matchers, promql::ParseMetricSelector(text.substr(0, colon)));
    const auto takes_empty = [](const model::Matcher& matcher) { return matcher.MatchesEmpty(); };
    if (std::ranges::all_of(rule.matchers, takes_empty)) {
      return Error{ErrorCode::kInvalidArgument,
                   "the selector must contain at least one non-empty matcher"};
    }
    NARTHEX_ASSIGN_OR_RETURN(rule.time, model::ParseDuration(text.substr(colon + 1)));
    if (rule.time.count() == 0) {
      return Error{ErrorCode::kInvalidArgument, "the duration must be above 0"};
    }
    return rule;
  };
  Result<tsdb::RetentionRule> rule = parse();
  if (!rule.ok()) {
    return std::move(rule).error().Under(
        fmt::format("--storage.tsdb.retention.filter {}", model::Quote(text)));
  }
  return rule;
}

}  // namespace narthex::server
