// Who looks on while queries run: active-query log, query log, metrics.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/result.h"
#include "model/sample.h"

namespace narthex::engine {

// Who asked over HTTP.
struct QueryOrigin {
  std::string client_ip;
  std::string method;
  std::string path;
};

// What became of a query. Views: valid during the call.
struct QueryRecord {
  std::string_view query;
  model::TimestampMs start = 0;
  model::TimestampMs end = 0;
  std::chrono::milliseconds step{0};  // 0: an instant query
  const QueryStats& stats;
  const Error* error = nullptr;         // null: there is a result
  const QueryOrigin* origin = nullptr;  // null: not known
  bool is_admitted = false;             // false: it ended while it waited for its turn
};

// Told of every query that parses and has the right type. Thread-safe; must not ask the engine.
class QueryObserver {
 public:
  virtual ~QueryObserver() = default;

  // The query's turn has come. `place`, less than EngineOptions::concurrent_queries_max, is its own
  // until Left().
  virtual void Entered(std::size_t place, std::string_view query) = 0;
  virtual void Left(std::size_t place) = 0;
  virtual void Ended(const QueryRecord& record) = 0;
};

}  // namespace narthex::engine
