// The samples of one series after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "page_reader.h"
#include "reader.h"

namespace narthex::block {

// Not thread-safe: each cursor has one. Reuses its buffers.
class SeriesReader {
 public:
  explicit SeriesReader(std::shared_ptr<BlockReader> reader)
      : reader_(std::move(reader)), pages_(reader_->frames(), reader_->buckets()) {}

  // What the querier shows of the series; the columns live until the next call.
  // Errors: kCorruption
  Result<storage::SampleColumns> Read(index::SeriesId id);
  // Whether Read() would give samples, deleted ones included; true if that cannot be told.
  bool HasSamples(index::SeriesId id);

 private:
  // Where the samples that the querier shows are among those of the series.
  struct Place {
    SeriesEntry entry;
    std::uint64_t count = 0;  // samples of the series
    Positions wanted;
  };
  Result<Place> Find(index::SeriesId id);
  Result<storage::SampleColumns> ReadAll(index::SeriesId id);
  // The samples at `wanted` into values_ or linked_, histograms_ and starts_.
  Status ReadInline(const SeriesEntry& entry, std::uint64_t count, Positions wanted);
  Status ReadRecord(const SeriesEntry& entry, std::uint64_t count, Positions wanted);
  Status ReadVector(std::size_t i, std::size_t at);
  void Reserve(std::size_t length);
  storage::SampleColumns WithoutDeleted(const storage::SampleColumns& columns,
                                        const std::vector<model::TimeRange>& deleted);

  const std::shared_ptr<BlockReader> reader_;
  PageReader pages_;
  Record record_;
  std::shared_ptr<const TimeWindow> window_;
  std::uint32_t window_column_ = 0;  // of `window_`, if there is one
  std::vector<std::uint64_t> present_;
  std::vector<model::TimestampMs> times_;
  std::size_t skipped_ = 0;     // of the samples below, that are before the first wanted one
  std::vector<double> values_;  // at least as many as there are, unless they are in linked_
  BucketValues linked_;
  bool has_histograms_ = false;
  std::vector<std::vector<model::FloatHistogram>> decoded_;  // by vector
  std::vector<const model::FloatHistogram*> histograms_;
  std::vector<model::TimestampMs> starts_;
};

}  // namespace narthex::block
