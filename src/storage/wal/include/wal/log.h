// The log that is written: segments of checksummed records.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "io/file_system.h"
#include "wal/record.h"
#include "wal/record_list.h"

namespace narthex::wal {

struct LogOptions {
  // A record that would make a segment larger starts the next one.
  std::uint64_t segment_size_bytes_max = std::uint64_t{128} << 20;
  // How long an acknowledged record may wait for its sync; 0: each record is synced before Append
  // returns.
  std::chrono::milliseconds sync_interval{1000};
};

struct LogStats {
  std::uint64_t segment = 0;     // number of the one being written
  std::uint64_t size_bytes = 0;  // of all segments and checkpoints
  std::uint64_t checkpoint_size_bytes = 0;
  std::uint64_t record_count = 0;  // appended by this process, as all below
  std::uint64_t written_bytes = 0;
  std::uint64_t write_failed_count = 0;
  std::uint64_t sync_count = 0;
  std::uint64_t sync_failed_count = 0;
  std::chrono::nanoseconds sync_duration{0};  // of all syncs together
};

// Thread-safe. A record is in the log as a whole or, after an error, not at all.
class Log {
 public:
  // Starts a new segment behind all that are in `directory`, which must exist. `files` and `clock`
  // must outlive the log. That the folder itself is still there after a loss of power is seen to by
  // the first sync, as for all that is in it.
  static Result<std::unique_ptr<Log>> Open(io::FileSystem& files, Clock& clock,
                                           std::string directory, LogOptions options);
  // Syncs what is not synced yet.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // When this returns, the operating system has the record (with sync interval 0: the disk).
  // Errors: kNoSpace, kIo       the record is not in the log; later calls try again
  //         kResourceExhausted  the record is larger than kRecordSizeMax
  Status Append(RecordType type, std::string_view payload) EXCLUDES(mutex_);
  // The same for several records, which must be some: after a crash or an error the log has all or
  // none.
  Status Append(RecordList& records) EXCLUDES(mutex_);

  // The segment that the next record goes to if its payload has no more than `payload_size_max`
  // bytes; starts a new one if it must. Only for callers that append from one thread.
  // Errors: kNoSpace, kIo  a new segment was needed and could not be started
  Result<std::uint64_t> SegmentFor(std::size_t payload_size_max) EXCLUDES(mutex_);

  // Syncs all records appended before the call.
  Status Sync() EXCLUDES(mutex_);

  // Starts a new segment and gives its number: all records appended before are in segments below
  // it.
  Result<std::uint64_t> Cut() EXCLUDES(mutex_);
  // Removes the segments with smaller numbers and checkpoints of smaller numbers.
  Status RemoveBefore(std::uint64_t segment) EXCLUDES(mutex_);

  LogStats stats() const EXCLUDES(mutex_);
  const std::string& directory() const { return directory_; }

 private:
  Log(io::FileSystem& files, Clock& clock, std::string directory, LogOptions options);

  Status MeasureSizes() REQUIRES(mutex_);
  Status StartSegment(std::uint64_t number) REQUIRES(mutex_);
  Status MakeRoom(std::uint64_t size) REQUIRES(mutex_);
  Status WriteRecord(RecordType type, std::string_view payload) REQUIRES(mutex_);
  // Syncs what has been written, before it is acknowledged.
  Status SyncRecord() REQUIRES(mutex_);
  // Takes back what a failed write left behind.
  void TakeBack() REQUIRES(mutex_);
  Status SyncFile(io::File& file) EXCLUDES(mutex_);
  Status SyncDirectories(std::vector<std::string> directories) EXCLUDES(mutex_);
  void SyncAtIntervals(std::stop_token stop) EXCLUDES(mutex_);

  io::FileSystem& files_;
  Clock& clock_;
  const std::string directory_;
  const LogOptions options_;

  mutable Mutex mutex_;
  // Shared with a sync that runs while the segment is cut.
  std::shared_ptr<io::File> file_ GUARDED_BY(mutex_);
  std::uint64_t file_size_ GUARDED_BY(mutex_) = 0;  // of what is sound
  bool is_broken_ GUARDED_BY(mutex_) = false;  // holds half a record that could not be taken back
  bool is_dirty_ GUARDED_BY(mutex_) = false;   // file_ holds records that no sync has covered
  std::vector<std::shared_ptr<io::File>> unsynced_ GUARDED_BY(mutex_);  // cut, not synced yet
  // Folders in which a name has appeared that no sync has covered.
  std::vector<std::string> unsynced_directories_ GUARDED_BY(mutex_);
  LogStats stats_ GUARDED_BY(mutex_);

  std::jthread sync_thread_;  // last: stops before the rest goes
};

// A snapshot of the head that stands for all segments below a number. Not thread-safe.
class CheckpointWriter {
 public:
  // Writes to a temporary file until Finish().
  static Result<std::unique_ptr<CheckpointWriter>> Create(io::FileSystem& files,
                                                          std::string directory,
                                                          std::uint64_t segment);
  // Removes the temporary file if Finish() was not reached.
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  Status Add(RecordType type, std::string_view payload);
  // Ends, syncs and renames the file: from here on a reader starts with it.
  Status Finish();

 private:
  CheckpointWriter(io::FileSystem& files, std::string path, std::unique_ptr<io::File> file);
  Status Flush();

  io::FileSystem& files_;
  const std::string path_;
  std::unique_ptr<io::File> file_;
  std::string buffer_;
  std::uint64_t record_count_ = 0;
  bool is_finished_ = false;
};

}  // namespace narthex::wal
