// Rows that several places of a query read, computed once.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "context.h"
#include "stream.h"

namespace narthex::engine {

// The rows of one expression, kept from the first reader for the others while there is room: see
// Context::Keep(). Not thread-safe.
//
// Memory: the values and labels of the rows, up to kKeptSamplesMax.
class SharedRows {
 public:
  SharedRows(RowStreamPtr source, std::size_t step_count, Context& context)
      : source_(std::move(source)),
        step_count_(step_count),
        context_(context),
        is_dropped_(source_->traits().row_count * step_count > kKeptSamplesMax) {}
  ~SharedRows() { context_.GiveUp(kept_samples_); }
  SharedRows(const SharedRows&) = delete;
  SharedRows& operator=(const SharedRows&) = delete;

  // Whether the row `index` can be read: rows that were read before may be gone.
  bool Has(std::size_t index) const { return index >= read_count_ || !is_dropped_; }
  // Fills `row` with it, or false at the end. Rows that nobody has read are read in order. What was
  // taken from the store for a row counts for each who reads it, as if it had been taken again.
  Result<bool> Read(std::size_t index, Row& row);

  StreamTraits traits() const { return source_->traits(); }
  std::size_t step_count() const { return step_count_; }

 private:
  struct KeptRow {
    model::LabelSet labels;
    bool drops_name = false;
    bool is_full = false;  // a value at every step
    Presence presence;     // else
    std::vector<HistogramPtr> histograms;
    TakenSamples taken;  // for it, and for series before it that gave none
  };

  Result<bool> ReadSource(Row& row);
  void Keep(const Row& row, const TakenSamples& taken);
  std::size_t rows_per_piece() const;
  const double* ValuesOf(std::size_t index) const;

  const RowStreamPtr source_;
  const std::size_t step_count_;
  Context& context_;
  std::size_t read_count_ = 0;  // from the source
  bool is_at_end_ = false;
  TakenSamples taken_last_;  // behind the last row
  bool is_dropped_;          // too many to keep, as is known before or turns out
  std::size_t kept_samples_ = 0;
  std::deque<KeptRow> rows_;
  std::vector<std::vector<double>> pieces_;  // the values of as many rows each
};

// Opens rows equal to the shared ones in a context of their own.
using OpenAgain = std::function<Result<RowStreamPtr>(Context& context)>;

// One of the readers. To be made where the rows would be opened: what is opened `again`, once the
// shared rows are gone, is asked for the same.
RowStreamPtr ReadShared(std::shared_ptr<SharedRows> rows, OpenAgain again, Context& context);

}  // namespace narthex::engine
