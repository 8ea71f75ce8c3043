#include "engine/engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "collect.h"
#include "context.h"
#include "crew.h"
#include "evaluator.h"
#include "gate.h"
#include "plan.h"
#include "usage.h"

namespace narthex::engine {
namespace {

double Seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

Result<StepGrid> MakeGrid(RangeSpec range, std::size_t samples_max) {
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
  if (count > std::max(samples_max, kHeldFreely)) return TooManySamples();
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

std::vector<StepSamples> TellSteps(const Usage& usage, const StepGrid& grid) {
  const auto at = [](const std::vector<std::size_t>& counts, std::size_t step) {
    return step < counts.size() ? counts[step] : 0;
  };
  std::vector<StepSamples> steps;
  steps.reserve(grid.count);
  for (std::size_t i = 0; i < grid.count; ++i)
    steps.push_back({grid.At(i), at(usage.read.at, i), at(usage.queryable.at, i)});
  return steps;
}

}  // namespace

struct Engine::Query {
  const promql::Expr& expr;
  std::string_view text;
  RangeSpec range;
  StepGrid grid;
  bool is_range = false;
  const QueryOptions& options;
  std::chrono::nanoseconds deadline{0};  // of the clock's monotonic time
};

// What a query has worked with: freed once it has left its place, for others may wait for that.
struct Engine::Work {
  std::optional<Context> context;
  std::optional<Evaluator> evaluator;
  Collection collection;
};

Engine::Engine(const EngineOptions& options, Clock& clock)
    : options_(options),
      clock_(clock),
      gate_(std::make_unique<Gate>(options.concurrent_queries_max, clock)),
      crew_(std::make_unique<Crew>(options.helper_threads_max)) {}

Engine::~Engine() = default;

Result<QueryResult> Engine::Instant(storage::Queryable& store, std::string_view query,
                                    model::TimestampMs time, const QueryOptions& options) {
  return Run(store, query, {time, time, std::chrono::milliseconds(1)}, false, options);
}

Result<QueryResult> Engine::Range(storage::Queryable& store, std::string_view query,
                                  RangeSpec range, const QueryOptions& options) {
  return Run(store, query, range, true, options);
}

Result<QueryResult> Engine::Run(storage::Queryable& store, std::string_view text, RangeSpec range,
                                bool is_range, const QueryOptions& options) {
  NARTHEX_ASSIGN_OR_RETURN(const promql::ExprPtr expr,
                           promql::ParseExpression(text, options_.parse));
  if (is_range) NARTHEX_TRY(CheckRangeType(*expr));
  NARTHEX_TRY(CheckSupported(*expr));
  NARTHEX_ASSIGN_OR_RETURN(const StepGrid grid, MakeGrid(range, options_.samples_max));

  const auto deadline =
      clock_.Monotonic() + std::min(options.timeout.value_or(options_.timeout), options_.timeout);
  QueryStats stats;
  QueryRecord record{.query = text,
                     .start = range.start,
                     .end = range.end,
                     .step = is_range ? range.step : std::chrono::milliseconds(0),
                     .stats = stats,
                     .origin = options.origin ? &*options.origin : nullptr};
  Work work;
  Result<QueryResult> result =
      Admit(store, {*expr, text, range, grid, is_range, options, deadline}, record, stats, work);
  if (result.ok()) {
    result->stats = stats;
  } else {
    record.error = &result.error();
  }
  if (options_.observer != nullptr) options_.observer->Ended(record);
  return result;
}

Result<QueryResult> Engine::Admit(storage::Queryable& store, const Query& query,
                                  QueryRecord& record, QueryStats& stats, Work& work) {
  const auto queued_at = clock_.Monotonic();
  Result<std::size_t> place = gate_->Enter(query.deadline, query.options.stop);
  stats.queue_seconds = Seconds(clock_.Monotonic() - queued_at);
  if (!place.ok()) return std::move(place).error();
  record.is_admitted = true;
  struct Leaver {
    Gate& gate;
    QueryObserver* observer;
    std::size_t place;
    ~Leaver() {
      if (observer != nullptr) observer->Left(place);
      gate.Leave(place);
    }
  } const leaver{*gate_, options_.observer, *place};
  if (options_.observer != nullptr) options_.observer->Entered(*place, query.text);
  return Evaluate(store, query, stats, work);
}

Result<QueryResult> Engine::Evaluate(storage::Queryable& store, const Query& query,
                                     QueryStats& stats, Work& work) {
  const auto started_at = clock_.Monotonic();
  std::chrono::milliseconds lookback = query.options.lookback.value_or(options_.lookback);
  if (lookback.count() <= 0) lookback = options_.lookback;
  if (lookback.count() <= 0) lookback = std::chrono::minutes(5);
  const StepGrid& grid = query.grid;
  const QueryTimes times = {grid.start, query.is_range ? query.range.end : grid.start,
                            query.is_range ? query.range.step.count() : 0};
  Context& context =
      work.context.emplace(Context::Setup{options_, clock_, query.text, times, lookback,
                                          query.deadline, query.options.stop, crew_.get()});
  NARTHEX_TRY(CheckDurations(query.expr, context));
  NARTHEX_ASSIGN_OR_RETURN(const model::TimeRange needed, NeededTimes(query.expr, grid, context));
  NARTHEX_ASSIGN_OR_RETURN(const bool needs_steps, NeedsStepCounts(query.expr, grid, context));
  const bool tells_steps = query.options.wants_step_counts && options_.has_step_counts;
  if (needs_steps || tells_steps) context.CountSteps();
  NARTHEX_ASSIGN_OR_RETURN(auto querier, store.OpenQuerier(needed));
  context.SetQuerier(std::move(querier));
  const auto prepared_at = clock_.Monotonic();
  stats.preparation_seconds = Seconds(prepared_at - started_at);
  NARTHEX_TRY(context.CheckAlive());

  NARTHEX_ASSIGN_OR_RETURN(CommonExpressions common,
                           CommonExpressions::Of(query.expr, grid, context));
  Evaluator& evaluator = work.evaluator.emplace(context, std::move(common));
  Result<QueryResult> result = query.is_range
                                   ? CollectRange(query.expr, grid, evaluator, work.collection)
                                   : CollectInstant(query.expr, grid, evaluator, work.collection);
  context.EndHelpers();
  stats.evaluation_seconds = Seconds(clock_.Monotonic() - prepared_at);
  stats.samples_held_peak = context.held_peak();
  // What a query used by upstream's rules is told of those that end: it costs time of its own.
  stats.samples_read = context.taken().read;
  stats.samples_queryable = context.taken().queryable;
  stats.samples_peak = stats.samples_held_peak;
  if (!result.ok()) return result;
  NARTHEX_ASSIGN_OR_RETURN(const Usage usage, UsageOf(query.expr, grid, context));
  stats.samples_read = usage.read.total;
  stats.samples_queryable = usage.queryable.total;
  if (tells_steps) stats.steps = TellSteps(usage, grid);
  stats.samples_peak = usage.peak;
  if (usage.peak > options_.samples_max) return TooManySamples();
  NARTHEX_TRY(context.CheckAlive());
  result->warnings = context.warnings();
  result->infos = context.infos();
  return result;
}

std::size_t Engine::active_query_count() const { return gate_->active_count(); }
std::size_t Engine::waiting_query_count() const { return gate_->waiting_count(); }

}  // namespace narthex::engine
