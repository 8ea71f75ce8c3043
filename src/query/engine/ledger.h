// How many samples each expression of a query gave, as the samples limit and the statistics count
// them. What they come to is reckoned in usage.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "promql/ast.h"
#include "step_counts.h"
#include "steps.h"
#include "stream.h"

namespace narthex::engine {

// The rows of an expression. A float counts as one sample, a native histogram as several.
// Memory: one number for each step, but only once a row has gaps or histograms.
class RowTally {
 public:
  // Takes time for each run of steps with values, and for each histogram.
  void Add(const Row& row, std::size_t step_count);

  // Samples of all rows.
  std::size_t sample_count() const { return sample_count_; }
  // For each of `step_count` steps, as many as the rows had: the elements, and the samples that
  // these count as in a vector.
  std::vector<std::size_t> ElementCounts(std::size_t step_count) const;
  std::vector<std::size_t> SampleCounts(std::size_t step_count) const;
  // The same as the samples of series, which add up to sample_count().
  std::vector<std::size_t> SeriesSampleCounts(std::size_t step_count) const;

 private:
  std::vector<std::size_t> WithExtra(std::size_t step_count,
                                     const std::vector<std::size_t>& extra) const;

  std::size_t full_count_ = 0;         // rows with a value at every step
  std::vector<std::int64_t> changes_;  // from step to step, of how many other rows have a value
  std::vector<std::size_t> histogram_extra_;  // of vectors
  std::vector<std::size_t> series_extra_;
  std::size_t sample_count_ = 0;
};

// The windows of a range function, or the samples of a range, series by series.
struct WindowTally {
  std::size_t peak = 0;   // most at once: of a window and the rows given before
  std::size_t given = 0;  // in rows
  StepCounts queryable;   // in all windows together
  StepCounts read;        // in any window
  // One series: the samples of its largest window, of the last one, and of the row made of them.
  void AddSeries(std::size_t largest, std::size_t last, std::size_t row);
  // `later`: of series that come after those counted here.
  void Join(const WindowTally& later);
};

// Of one evaluation. Not thread-safe; references stay valid as long as it lives.
class Ledger {
 public:
  // Keys are expressions, or what stands for one.
  RowTally& RowsOf(const void* key) { return rows_[Original(key)]; }
  WindowTally& WindowsOf(const void* key) { return windows_[Original(key)]; }
  // What `copy` and all under it would count is counted under `original`, an equal expression that
  // is not counted under `copy`.
  void Equate(const promql::Expr& copy, const promql::Expr& original);
  // Takes over the windows of another, which come after those known here.
  void JoinWindows(const Ledger& later);

 private:
  const void* Original(const void* key) const;

  std::unordered_map<const void*, RowTally> rows_;
  std::unordered_map<const void*, WindowTally> windows_;
  std::unordered_map<const void*, const void*> originals_;  // by copy
};

// The key that the info series of a call of info() are counted under: they are no expression.
inline const void* InfoSeriesKey(const promql::Call& call) { return &call.arguments; }

// The samples a row counts as.
std::size_t SampleCountOf(const Row& row);

class Context;

struct CountOptions {
  std::size_t step_count = 1;
  std::size_t samples_max = 0;
};

// The rows of `input`, counted under `key`. Fails once they alone are more than the limit.
RowStreamPtr CountRows(RowStreamPtr input, const void* key, const CountOptions& options,
                       Context& context);

}  // namespace narthex::engine
