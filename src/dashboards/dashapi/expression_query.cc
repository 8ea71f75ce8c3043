#include "expression_query.h"

#include <fmt/format.h>

#include "step.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kExpressionUid = "__expr__";
// The id and uid of early versions.
constexpr std::string_view kExpressionIdOld = "-100";

}  // namespace

bool IsExpression(const json::Value& query) {
  const json::Value& named = query["datasource"];
  if (query["datasourceId"].number_text() == kExpressionIdOld) return true;
  const std::string_view uid = named.is_object() ? named["uid"].AsString() : named.AsString();
  return uid == kExpressionUid || uid == kExpressionIdOld ||
         named["type"].AsString() == kExpressionUid;
}

Result<expression::Command> ReadExpression(const json::Value& query, std::string_view ref_id,
                                           const QueryRange& range) {
  auto command = expression::ReadCommand(
      query, {range.from, range.to, ParseInterval(query["window"].AsString())});
  if (command.ok()) return command;
  return Error(command.error())
      .Under(fmt::format("[sse.parseError] failed to parse expression [{}]", ref_id));
}

Result<expression::ValueSet> ReadValues(const SeriesAnswer& answer) {
  using expression::Value;
  using expression::ValueKind;
  expression::ValueSet set;
  for (const AnswerSeries& series : answer.series) {
    if (answer.result_type == "string" || !series.buckets.empty()) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("expressions cannot take {}",
                               series.buckets.empty() ? "text" : "native histograms"));
    }
    Value value{ValueKind::kSeries, series.labels, series.timestamps, {}};
    value.values.assign(series.values.begin(), series.values.end());
    if (answer.result_type != "matrix" && !value.values.empty()) {
      value = Value::Number(std::move(value.labels), value.values.front());
    }
    set.values.push_back(std::move(value));
  }
  if (set.values.empty()) set.values.push_back(Value::NoData());
  return set;
}

}  // namespace narthex::dashapi
