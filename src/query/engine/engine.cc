#include "engine/engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "collect.h"
#include "context.h"
#include "evaluator.h"
#include "gate.h"
#include "plan.h"

namespace narthex::engine {
namespace {

double Seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

Result<StepGrid> MakeGrid(RangeSpec range, std::size_t step_count_max) {
  if (range.step.count() <= 0) {
    return Error{ErrorCode::kInvalidArgument, "step of a range query must be positive"};
  }
  if (range.end < range.start) {
    return Error{ErrorCode::kInvalidArgument, "end timestamp must not be before start time"};
  }
  const auto start = std::clamp(range.start, -kTimeLimit, kTimeLimit);
  const auto end = std::clamp(range.end, -kTimeLimit, kTimeLimit);
  // Unsigned: the distance of two instants may be more than an int64 holds.
  const std::uint64_t span = static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(start);
  const std::uint64_t count = span / static_cast<std::uint64_t>(range.step.count()) + 1;
  if (count > step_count_max) {
    return Error{ErrorCode::kResourceExhausted,
                 "query processing would load too many samples into memory in query execution"};
  }
  return StepGrid{start, range.step.count(), static_cast<std::size_t>(count)};
}

Status CheckRangeType(const promql::Expr& expr) {
  const promql::ValueType type = promql::TypeOf(expr);
  if (type == promql::ValueType::kScalar || type == promql::ValueType::kVector) return Ok();
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("invalid expression type \"{}\" for range query, must be Scalar or "
                           "instant Vector",
                           promql::ValueTypeText(type))};
}

}  // namespace

Engine::Engine(const EngineOptions& options, Clock& clock)
    : options_(options),
      clock_(clock),
      gate_(std::make_unique<Gate>(options.concurrent_queries_max, clock)) {}

Engine::~Engine() = default;

Result<QueryResult> Engine::Instant(storage::Queryable& store, std::string_view query,
                                    model::TimestampMs time, const QueryOptions& options) {
  return Run(store, query, {time, time, std::chrono::milliseconds(1)}, false, options);
}

Result<QueryResult> Engine::Range(storage::Queryable& store, std::string_view query,
                                  RangeSpec range, const QueryOptions& options) {
  return Run(store, query, range, true, options);
}

Result<QueryResult> Engine::Run(storage::Queryable& store, std::string_view query, RangeSpec range,
                                bool is_range, const QueryOptions& options) {
  NARTHEX_ASSIGN_OR_RETURN(const promql::ExprPtr expr,
                           promql::ParseExpression(query, options_.parse));
  if (is_range) NARTHEX_TRY(CheckRangeType(*expr));
  NARTHEX_TRY(CheckSupported(*expr));
  NARTHEX_ASSIGN_OR_RETURN(const StepGrid grid, MakeGrid(range, options_.samples_max));

  const auto queued_at = clock_.Monotonic();
  const auto deadline =
      queued_at + std::min(options.timeout.value_or(options_.timeout), options_.timeout);
  NARTHEX_TRY(gate_->Enter(deadline, options.stop));
  struct Leaver {
    Gate& gate;
    ~Leaver() { gate.Leave(); }
  } const leaver{*gate_};
  const auto started_at = clock_.Monotonic();

  std::chrono::milliseconds lookback = options.lookback.value_or(options_.lookback);
  if (lookback.count() <= 0) lookback = options_.lookback;
  if (lookback.count() <= 0) lookback = std::chrono::minutes(5);
  const QueryTimes times = {grid.start, is_range ? range.end : grid.start,
                            is_range ? range.step.count() : 0};
  Context context({options_, clock_, query, times, lookback, deadline, options.stop});
  NARTHEX_ASSIGN_OR_RETURN(const model::TimeRange needed, NeededTimes(*expr, grid, context));
  NARTHEX_ASSIGN_OR_RETURN(auto querier, store.OpenQuerier(needed));
  context.SetQuerier(std::move(querier));
  NARTHEX_TRY(context.CheckAlive());

  Evaluator evaluator(context);
  NARTHEX_ASSIGN_OR_RETURN(QueryResult result, is_range ? CollectRange(*expr, grid, evaluator)
                                                        : CollectInstant(*expr, grid, evaluator));
  NARTHEX_TRY(context.CheckAlive());
  result.warnings = context.warnings();
  result.infos = context.infos();
  result.stats = context.stats();
  result.stats.queue_seconds = Seconds(started_at - queued_at);
  result.stats.evaluation_seconds = Seconds(clock_.Monotonic() - started_at);
  return result;
}

std::size_t Engine::active_query_count() const { return gate_->active_count(); }
std::size_t Engine::waiting_query_count() const { return gate_->waiting_count(); }

}  // namespace narthex::engine
