// Writing batches to the log, coded against what readers of the log know by then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "series.h"
#include "wal/batch.h"
#include "wal/log.h"

namespace narthex::head {

// Divides the log into epochs. The first sample of a series in an epoch stands by itself, later
// ones are coded against Series::newest_value. So damage costs what builds on it in its epoch and
// nothing else, and a segment can be read without those before it.
//
// An epoch ends with its segment, or when its samples are 16 times those that stand by themselves,
// which is a sixteenth of the log at most. A record of another type that changes the newest value
// of a series must set its log_epoch to 0.
//
// Not thread-safe: guarded by the lock of appends. Memory: two bytes in each series.
class BatchLogger {
 public:
  // `log` must outlive the logger.
  explicit BatchLogger(wal::Log& log) : log_(log) {}

  // Before each append, with the most bytes that its record may have.
  // Errors: kNoSpace, kIo  a segment was needed and could not be started
  Status Prepare(std::size_t payload_size_max);

  // Appends the bytes of `record` to `out`; `series` has one for each of its rows, which are
  // samples of one series that stand together, with the values from before it. The series are taken
  // to know of it from here on: if it does not get into the log, EndEpoch() must follow. Of the
  // records of one append each must be of series of its own, or be preceded by EndEpoch().
  void Encode(const wal::BatchRecord& record, std::span<Series* const> series, std::string& out);

  // To be called if a record is in the log, or may be, that is not applied to its series, or is
  // applied to them and not in the log.
  void EndEpoch() { sample_count_ = UINT64_MAX; }

  // The epochs are used up: every series' log_epoch must be set to 0, then Forgot() be called.
  bool MustForget() const { return epoch_ == kEpochMax; }
  void Forgot() { epoch_ = 0; }

 private:
  static constexpr std::uint16_t kEpochMax = (1u << 12) - 1;

  wal::Log& log_;
  std::uint16_t epoch_ = 0;  // that of a series of which nothing was logged is 0
  std::uint64_t segment_ = 0;
  std::uint64_t sample_count_ = UINT64_MAX;  // of the epoch
  std::uint64_t standing_count_ = 0;         // of these, by themselves
  wal::ValueBases bases_;
};

}  // namespace narthex::head
