// An observer that keeps the figures of the query that ended last.
#pragma once

#include "engine/observer.h"

namespace narthex::engine {

// Not thread-safe.
class LastRecord : public QueryObserver {
 public:
  void Entered(std::size_t, std::string_view) override {}
  void Left(std::size_t) override {}
  void Ended(const QueryRecord& record) override { stats = record.stats; }

  QueryStats stats;
};

}  // namespace narthex::engine
