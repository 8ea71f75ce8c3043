// The log that is read: at start, from the newest checkpoint on.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"
#include "wal/record.h"

namespace narthex::wal {

// What reading found. Damage is no error: what is sound is used, what is lost is said here and
// logged.
struct ReadReport {
  std::uint64_t record_count = 0;
  std::uint64_t segment_count = 0;
  bool has_checkpoint = false;
  // Stretches of bytes that are no sound record, missing segments, unfinished or unreadable files.
  std::uint64_t damage_count = 0;
  std::uint64_t damaged_bytes = 0;
  // The half of a record that the end of the process left; it was never acknowledged.
  std::uint64_t torn_bytes = 0;
};

// Calls `visit` for each sound record: those of the newest checkpoint (or of the one before it, if
// that and its segments are still there and the newest is damaged), then those of the segments
// that it does not stand for, in order. Cuts a torn tail off the last segment. A visitor's error
// ends the reading and is returned; for damage inside a record it should count and return success.
// Errors: kIo           a file could not be read or cut at all
//         kUnsupported  a file is of another version of the format
Result<ReadReport> ReadLog(
    io::FileSystem& files, const std::string& directory,
    const std::function<Status(RecordType, std::string_view payload)>& visit);

// What a checkpoint or a segment holds, given as its bytes.
struct ScanResult {
  std::uint64_t sound_size = 0;    // up to the end of the last sound record
  std::uint64_t first_damage = 0;  // offset of the first damage, if there is any
  ReadReport report;
  bool has_end = false;  // ends with a record of type kEnd
};
// Errors: only those of `visit`.
Result<ScanResult> ScanRecords(
    std::string_view bytes,
    const std::function<Status(RecordType, std::string_view payload)>& visit);

}  // namespace narthex::wal
