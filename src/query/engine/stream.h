// Series flowing from the store to the result, one at a time, each with all its steps.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/result.h"
#include "model/labels.h"
#include "model/sample.h"
#include "steps.h"

namespace narthex::engine {

// What a stream promises of the labels of its rows.
struct StreamTraits {
  // All rows have the same metric name, or none: without it they still differ.
  bool has_one_name = true;
  // Two rows may have the same labels (and then share no step).
  bool may_repeat_labels = false;
  // About how many rows there will be, hardly more; 0: not known.
  std::size_t row_count = 0;
};

// The rows of an instant vector. Not thread-safe.
class RowStream {
 public:
  virtual ~RowStream() = default;

  // Fills `row` with the next series that has a value at any step; false at the end. `row` may be
  // reused from call to call, which saves its memory.
  virtual Result<bool> Next(Row& row) = 0;

  virtual StreamTraits traits() const { return {}; }
};

using RowStreamPtr = std::unique_ptr<RowStream>;

// Samples of one series for a range function, without staleness markers. Views: valid until the
// next call of Next().
struct SeriesColumns {
  model::LabelSet labels;
  bool drops_name = false;
  std::span<const model::TimestampMs> timestamps;
  std::span<const double> values;
  // As in storage::SampleColumns: empty if there is none, else as many.
  std::span<const model::FloatHistogram* const> histograms = {};
  std::span<const model::TimestampMs> start_timestamps = {};
  // Columns with the same id, other than 0, have the same timestamps.
  std::uint64_t time_column_id = 0;
};

// The series of a range vector. Not thread-safe.
class ColumnStream {
 public:
  virtual ~ColumnStream() = default;
  // False at the end. Series without samples do come.
  virtual Result<bool> Next(SeriesColumns& series) = 0;
};

using ColumnStreamPtr = std::unique_ptr<ColumnStream>;

}  // namespace narthex::engine
