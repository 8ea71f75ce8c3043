// Rows of many series, computed by several threads.
#pragma once

#include <functional>
#include <memory>

#include "context.h"
#include "storage/querier.h"
#include "stream.h"

namespace narthex::engine {

// Makes the rows of some series. Called by several threads at once, each with a context of its own.
using OpenRows =
    std::function<RowStreamPtr(std::unique_ptr<storage::SeriesSet> series, Context& context)>;

struct ParallelOptions {
  std::size_t step_count = 1;
  StreamTraits traits;  // of the rows
};

// The rows that `open` makes of all of `series`, in the order of these: the same rows whoever
// computes them. Where the series are too few to share, `open` is called once.
//
// Memory: the rows of a few stretches of series, up to 256 KiB each.
RowStreamPtr OpenInParallel(std::unique_ptr<storage::SeriesSet> series, const OpenRows& open,
                            const ParallelOptions& options, Context& context);

}  // namespace narthex::engine
