// Evaluates queries over a store.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "engine/observer.h"
#include "engine/result.h"
#include "model/sample.h"
#include "promql/parser.h"
#include "storage/querier.h"

namespace narthex::engine {

struct EngineOptions {
  std::size_t samples_max = 50'000'000;                         // held at once by one query
  std::chrono::milliseconds timeout = std::chrono::minutes(2);  // waiting for a place included
  std::size_t concurrent_queries_max = 20;
  std::chrono::milliseconds lookback = std::chrono::minutes(5);  // <= 0: five minutes
  std::chrono::milliseconds subquery_step = std::chrono::minutes(1);
  // Removes names at the end instead of in each function, so that they can be used until then.
  bool delays_name_removal = false;
  // Series carry __type__ and __unit__: what is a counter is told by them, not by the name.
  bool has_type_and_unit_labels = false;
  // rate, irate, increase, resets and start_timestamp look at since when samples count.
  bool uses_start_timestamps = false;
  // Queries may ask for counts by step.
  bool has_step_counts = false;
  // Threads beside those that ask, which compute series where a query has many; 0: none. Answers
  // are the same with any number.
  std::size_t helper_threads_max = 0;
  promql::ParseOptions parse = {};
  QueryObserver* observer = nullptr;  // outlives the engine
};

// Settings of a single query.
struct QueryOptions {
  std::optional<std::chrono::milliseconds> timeout = {};   // never beyond the engine's
  std::optional<std::chrono::milliseconds> lookback = {};  // <= 0: the engine's
  bool wants_step_counts = false;          // QueryStats::steps, if the engine has them
  std::stop_token stop = {};               // cancels the query
  std::optional<QueryOrigin> origin = {};  // for the observer
};

// The steps of a range query: start, start + step, ... up to end.
struct RangeSpec {
  model::TimestampMs start = 0;
  model::TimestampMs end = 0;
  std::chrono::milliseconds step = std::chrono::seconds(1);  // > 0
};

class Crew;

// Thread-safe. A query beyond the limit of concurrency waits for a place.
//
// Errors of both kinds of query:
//   kInvalidArgument     the query does not parse, or a range query asks for the wrong type
//   kFailedPrecondition  the data do not fit the query ("vector cannot contain metrics with ...")
//   kResourceExhausted   more than `samples_max` samples; a native histogram counts as several
//   kDeadlineExceeded    the timeout ran out
//   kCanceled            `stop` was requested
//   others               from the store
class Engine {
 public:
  // `clock` must outlive the engine.
  explicit Engine(const EngineOptions& options, Clock& clock = SystemClock());
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Evaluates at one instant.
  Result<QueryResult> Instant(storage::Queryable& store, std::string_view query,
                              model::TimestampMs time, const QueryOptions& options = {});

  // Evaluates at every step; the result is a matrix.
  Result<QueryResult> Range(storage::Queryable& store, std::string_view query, RangeSpec range,
                            const QueryOptions& options = {});

  // Queries being evaluated, and waiting for their turn.
  std::size_t active_query_count() const;
  std::size_t waiting_query_count() const;
  const EngineOptions& options() const { return options_; }

 private:
  class Gate;

  struct Query;
  struct Work;

  Result<QueryResult> Run(storage::Queryable& store, std::string_view text, RangeSpec range,
                          bool is_range, const QueryOptions& options);
  // Waits for a place, then evaluates. `record` and `stats` tell what became of it, errors or not.
  Result<QueryResult> Admit(storage::Queryable& store, const Query& query, QueryRecord& record,
                            QueryStats& stats, Work& work);
  Result<QueryResult> Evaluate(storage::Queryable& store, const Query& query, QueryStats& stats,
                               Work& work);

  const EngineOptions options_;
  Clock& clock_;
  const std::unique_ptr<Gate> gate_;
  const std::unique_ptr<Crew> crew_;
};

}  // namespace narthex::engine
