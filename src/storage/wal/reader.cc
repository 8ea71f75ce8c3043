#include "wal/reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "frame.h"

namespace narthex::wal {
namespace {

constexpr std::string_view kComponent = "wal";

using Visitor = std::function<Status(RecordType, std::string_view)>;

// Type and payload of the sound record at `offset`.
std::optional<std::string_view> SoundRecordAt(std::string_view bytes, std::size_t offset) {
  const auto info = ReadFrameHead(bytes.substr(offset, kFrameHeadSize));
  if (!info || info->size > bytes.size() - offset - kFrameHeadSize) return std::nullopt;
  const std::string_view record = bytes.substr(offset + kFrameHeadSize, info->size);
  if (Crc32c(record) != info->checksum) return std::nullopt;
  return record;
}

// Where the next sound record begins, at `offset` or behind; the size of all bytes if there is
// none.
std::size_t FindRecord(std::string_view bytes, std::size_t offset) {
  // A head that is sound tells the length of a payload that is not.
  if (const auto info = ReadFrameHead(bytes.substr(offset, kFrameHeadSize))) {
    const std::size_t next = offset + kFrameHeadSize + info->size;
    if (next < bytes.size() && SoundRecordAt(bytes, next)) return next;
  }
  for (std::size_t at = offset; at + kFrameHeadSize < bytes.size(); ++at) {
    if (SoundRecordAt(bytes, at)) return at;
  }
  return bytes.size();
}

}  // namespace

Result<ScanResult> ScanRecords(std::string_view bytes, const Visitor& visit) {
  ScanResult result;
  std::size_t offset = kFileMagic.size();
  if (!bytes.starts_with(kFileMagic)) {
    offset = 0;
  } else {
    result.sound_size = offset;
  }
  while (offset < bytes.size()) {
    const auto record = SoundRecordAt(bytes, offset);
    if (!record) {
      const std::size_t next = FindRecord(bytes, offset);
      if (next == bytes.size()) break;
      ++result.report.damage_count;
      result.report.damaged_bytes += next - offset;
      offset = next;
      continue;
    }
    const auto type = static_cast<RecordType>(record->front());
    ++result.report.record_count;
    result.has_end = type == RecordType::kEnd;
    if (!result.has_end) NARTHEX_TRY(visit(type, record->substr(1)));
    offset += kFrameHeadSize + record->size();
    result.sound_size = offset;
  }
  result.report.torn_bytes = bytes.size() - result.sound_size;
  return result;
}

namespace {

struct LogFiles {
  std::vector<std::uint64_t> segments;
  std::vector<std::uint64_t> checkpoints;
};

Result<LogFiles> ListLog(io::FileSystem& files, const std::string& directory) {
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files.List(directory));
  LogFiles found;
  for (const io::DirectoryEntry& entry : entries) {
    if (const auto number = ParseSegmentName(entry.name)) found.segments.push_back(*number);
    if (const auto number = ParseCheckpointName(entry.name)) found.checkpoints.push_back(*number);
    // What a crash left of a checkpoint that was being written.
    if (entry.name.ends_with(".tmp")) {
      (void)files.Remove(io::JoinPath(directory, entry.name));
    }
  }
  std::ranges::sort(found.segments);
  std::ranges::sort(found.checkpoints);
  return found;
}

void Add(ReadReport& total, const ReadReport& part) {
  total.record_count += part.record_count;
  total.damage_count += part.damage_count;
  total.damaged_bytes += part.damaged_bytes;
}

void ReportDamage(const std::string& path, std::uint64_t size_bytes) {
  LogError(kComponent, "damage in the log; what is sound around it is used",
           {{"file", path}, {"lost_bytes", size_bytes}});
}

// What stays unsound at the end of a file that nobody was writing to is damage, not a torn write.
void CountTornAsDamage(ReadReport& report) {
  if (report.torn_bytes == 0) return;
  ++report.damage_count;
  report.damaged_bytes += report.torn_bytes;
  report.torn_bytes = 0;
}

Status CheckVersion(const std::string& path, std::string_view bytes) {
  const auto version = OtherVersion(bytes);
  if (!version) return Ok();
  return Error{ErrorCode::kUnsupported,
               fmt::format("{} has format version {}, this program reads version {}", path,
                           *version, kFormatVersion)};
}

Status ReadCheckpoint(io::FileSystem& files, const std::string& path, const Visitor& visit,
                      ReadReport& total) {
  NARTHEX_ASSIGN_OR_RETURN(const io::Mapping mapping, files.Map(path));
  NARTHEX_TRY(CheckVersion(path, mapping.bytes()));
  NARTHEX_ASSIGN_OR_RETURN(ScanResult scan, ScanRecords(mapping.bytes(), visit));
  CountTornAsDamage(scan.report);
  // It was renamed when it was whole, so an end that is missing was lost since.
  if (!scan.has_end && scan.report.damage_count == 0) ++scan.report.damage_count;
  if (scan.report.damage_count > 0) ReportDamage(path, scan.report.damaged_bytes);
  Add(total, scan.report);
  total.has_checkpoint = true;
  return Ok();
}

Status ReadSegment(io::FileSystem& files, const std::string& path, bool is_last,
                   const Visitor& visit, ReadReport& total) {
  ScanResult scan;
  {
    NARTHEX_ASSIGN_OR_RETURN(const io::Mapping mapping, files.Map(path));
    NARTHEX_TRY(CheckVersion(path, mapping.bytes()));
    NARTHEX_ASSIGN_OR_RETURN(scan, ScanRecords(mapping.bytes(), visit));
  }
  if (!is_last) CountTornAsDamage(scan.report);
  if (scan.report.damage_count > 0) ReportDamage(path, scan.report.damaged_bytes);
  Add(total, scan.report);
  ++total.segment_count;
  if (scan.report.torn_bytes == 0) return Ok();

  total.torn_bytes += scan.report.torn_bytes;
  LogWarn(kComponent, "cut a torn record off the end of the log",
          {{"file", path}, {"bytes", scan.report.torn_bytes}});
  NARTHEX_ASSIGN_OR_RETURN(const auto file, files.Open(path, io::OpenMode::kAppend));
  return file->Truncate(scan.sound_size);
}

}  // namespace

Result<ReadReport> ReadLog(io::FileSystem& files, const std::string& directory,
                           const Visitor& visit) {
  NARTHEX_ASSIGN_OR_RETURN(const LogFiles found, ListLog(files, directory));
  ReadReport total;
  std::uint64_t next = 0;
  if (!found.checkpoints.empty()) {
    next = found.checkpoints.back();
    NARTHEX_TRY(ReadCheckpoint(files, io::JoinPath(directory, CheckpointName(next)), visit, total));
  }
  for (const std::uint64_t number : found.segments) {
    if (number < next) continue;  // the checkpoint stands for it; removing it did not get so far
    const std::string path = io::JoinPath(directory, SegmentName(number));
    if (next != 0 && number > next) {
      ++total.damage_count;
      LogError(kComponent, "segments of the log are missing", {{"before", path}});
    }
    NARTHEX_TRY(ReadSegment(files, path, number == found.segments.back(), visit, total));
    next = number + 1;
  }
  return total;
}

}  // namespace narthex::wal
