// What all parts of one evaluation share: the store, the limits, the notes for the user.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"
#include "promql/ast.h"
#include "promql/position.h"
#include "steps.h"
#include "storage/querier.h"

namespace narthex::engine {

// Start, end and step of the query as given; @ start(), range() and step() refer to them.
struct QueryTimes {
  model::TimestampMs start = 0;
  model::TimestampMs end = 0;
  std::int64_t step_ms = 0;  // 0: an instant query
};

// Not thread-safe: one evaluation, one thread.
class Context {
 public:
  struct Setup {
    const EngineOptions& options;
    Clock& clock;
    std::string_view query;
    QueryTimes times;
    std::chrono::milliseconds lookback;
    std::chrono::nanoseconds deadline;  // of the clock's monotonic time
    std::stop_token stop;
  };

  explicit Context(const Setup& setup) : setup_(setup) {}

  const EngineOptions& options() const { return setup_.options; }
  const QueryTimes& times() const { return setup_.times; }
  std::int64_t lookback_ms() const { return setup_.lookback.count(); }
  bool is_range_query() const { return setup_.times.step_ms != 0; }
  bool delays_name_removal() const { return setup_.options.delays_name_removal; }

  storage::Querier& querier() { return *querier_; }
  void SetQuerier(std::unique_ptr<storage::Querier> querier) { querier_ = std::move(querier); }

  // Fails once the query is canceled or its time is over. Cheap enough for once a series.
  Status CheckAlive();

  // Accounts for samples held in memory; fails at the limit. Release what is freed.
  Status Hold(std::size_t sample_count);
  void Release(std::size_t sample_count) { held_ -= sample_count; }
  // Whether that many steps can be held at all; keeps a subquery from asking for the impossible.
  Status CheckStepCount(std::size_t step_count) const;
  void CountRead(std::size_t sample_count) { stats_.samples_read += sample_count; }
  QueryStats& stats() { return stats_; }

  // Notes for the user, shown with the position in the query.
  void Warn(std::string_view message, promql::PositionRange position);
  void Inform(std::string_view message, promql::PositionRange position);
  std::vector<std::string> warnings() const { return {warnings_.begin(), warnings_.end()}; }
  std::vector<std::string> infos() const { return {infos_.begin(), infos_.end()}; }

  // Milliseconds; calculated where it is an expression.
  // Errors: kInvalidArgument  not positive although it must be, or out of range
  Result<std::int64_t> Resolve(const promql::DurationValue& duration, bool must_be_positive) const;

  // The name of `labels` as annotations tell it: ` for metric name "x"`, empty where names are
  // gone.
  std::string ForMetric(const model::LabelSet& labels) const;

 private:
  const Setup setup_;
  std::unique_ptr<storage::Querier> querier_;
  std::size_t held_ = 0;
  QueryStats stats_;
  std::set<std::string> warnings_;
  std::set<std::string> infos_;
};

// An error of the data, not of the query.
Error ExecutionError(std::string message);

}  // namespace narthex::engine
