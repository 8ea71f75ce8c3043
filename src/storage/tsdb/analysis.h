// What a part of a store is made of: cardinality and churn.
#pragma once

#include <cstdint>
#include <string>

#include "storage/querier.h"
#include "tsdb/inspector.h"

namespace narthex::tsdb {

struct AnalyzedPart {
  std::string name;
  model::TimeRange range;
  std::uint64_t size_bytes = 0;  // on disk; 0: in memory
};

// Writes the report of one part. `querier` sees that part and nothing else.
Status AnalyzePart(const AnalyzedPart& part, storage::Querier& querier,
                   const AnalyzeOptions& options, const WriteText& write);

}  // namespace narthex::tsdb
