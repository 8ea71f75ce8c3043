#include "wal/reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "frame.h"
#include "wal/record_list.h"

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

// Whether all bytes of a record are at `offset`: a write that was torn leaves less, so one that
// fails its checksum was damaged later.
bool IsWholeAt(std::string_view bytes, std::size_t offset) {
  const auto info = ReadFrameHead(bytes.substr(offset, kFrameHeadSize));
  return info && info->size <= bytes.size() - offset - kFrameHeadSize;
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

// Those that were written together are visited one by one, but none of them if they do not come
// apart: `visit` is given the whole then, and finds that it does not know the type.
Status VisitRecord(const RecordView& record, const Visitor& visit, ReadReport& report) {
  if (record.type == RecordType::kTogether) {
    if (const auto records = SplitTogether(record.payload)) {
      report.record_count += records->size();
      for (const RecordView& one : *records) NARTHEX_TRY(visit(one.type, one.payload));
      return Ok();
    }
  }
  ++report.record_count;
  return visit(record.type, record.payload);
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
      if (next == bytes.size() && !IsWholeAt(bytes, offset)) break;
      if (result.report.damage_count == 0) result.first_damage = offset;
      ++result.report.damage_count;
      result.report.damaged_bytes += next - offset;
      offset = next;
      continue;
    }
    const RecordView one{static_cast<RecordType>(record->front()), record->substr(1)};
    result.has_end = one.type == RecordType::kEnd;
    if (result.has_end) {
      ++result.report.record_count;
    } else {
      NARTHEX_TRY(VisitRecord(one, visit, result.report));
    }
    offset += kFrameHeadSize + record->size();
    result.sound_size = offset;
  }
  result.report.torn_bytes = bytes.size() - std::min<std::uint64_t>(bytes.size(), offset);
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

void ReportDamage(const std::string& path, const ScanResult& scan) {
  LogError(kComponent, "damage in the log; what is sound around it is used",
           {{"file", path},
            {"first_at", scan.first_damage},
            {"stretches", scan.report.damage_count},
            {"lost_bytes", scan.report.damaged_bytes}});
}

// What stays unsound at the end of a file that nobody was writing to is damage, not a torn write.
void CountTornAsDamage(ScanResult& scan) {
  ReadReport& report = scan.report;
  if (report.torn_bytes == 0) return;
  if (report.damage_count == 0) scan.first_damage = scan.sound_size;
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

Result<ScanResult> ScanCheckpoint(io::FileSystem& files, const std::string& path,
                                  const Visitor& visit) {
  NARTHEX_ASSIGN_OR_RETURN(const io::Mapping mapping, files.Map(path));
  NARTHEX_TRY(CheckVersion(path, mapping.bytes()));
  NARTHEX_ASSIGN_OR_RETURN(ScanResult scan, ScanRecords(mapping.bytes(), visit));
  CountTornAsDamage(scan);
  // It was renamed when it was whole, so an end that is missing was lost since.
  if (!scan.has_end && scan.report.damage_count == 0) ++scan.report.damage_count;
  return scan;
}

Status ReadCheckpoint(io::FileSystem& files, const std::string& path, const Visitor& visit,
                      ReadReport& total) {
  NARTHEX_ASSIGN_OR_RETURN(const ScanResult scan, ScanCheckpoint(files, path, visit));
  if (scan.report.damage_count > 0) ReportDamage(path, scan);
  Add(total, scan.report);
  total.has_checkpoint = true;
  return Ok();
}

// Leaves what is sound of the segment that was written last; the next one is started anyway.
Status CutTail(io::FileSystem& files, const std::string& path, const ScanResult& scan) {
  if (scan.report.torn_bytes > 0) {
    LogWarn(kComponent, "cut a torn record off the end of the log",
            {{"file", path}, {"bytes", scan.report.torn_bytes}});
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto file, files.Open(path, io::OpenMode::kAppend));
  NARTHEX_TRY(file->Truncate(scan.sound_size));
  // So that it is not taken for one that has lost its bytes. Without room it will be, no more.
  if (scan.sound_size == 0) (void)file->Append(kFileMagic);
  return Ok();
}

Status ReadSegment(io::FileSystem& files, const std::string& path, bool is_last,
                   const Visitor& visit, ReadReport& total) {
  ScanResult scan;
  bool has_tail = false;
  {
    NARTHEX_ASSIGN_OR_RETURN(const io::Mapping mapping, files.Map(path));
    NARTHEX_TRY(CheckVersion(path, mapping.bytes()));
    NARTHEX_ASSIGN_OR_RETURN(scan, ScanRecords(mapping.bytes(), visit));
    has_tail = scan.sound_size < std::max(mapping.bytes().size(), kFileMagic.size());
    if (!is_last && mapping.bytes().empty()) ++scan.report.damage_count;
  }
  if (!is_last) CountTornAsDamage(scan);
  if (scan.report.damage_count > 0) ReportDamage(path, scan);
  Add(total, scan.report);
  ++total.segment_count;
  total.torn_bytes += scan.report.torn_bytes;
  return is_last && has_tail ? CutTail(files, path, scan) : Ok();
}

// The checkpoint to begin with, by its place in `found`. The newest, unless it is damaged and what
// it stands for has not been removed yet.
Result<std::size_t> ChooseCheckpoint(io::FileSystem& files, const std::string& directory,
                                     const LogFiles& found) {
  const std::size_t newest = found.checkpoints.size() - 1;
  if (newest == 0) return newest;
  const std::uint64_t older = found.checkpoints[newest - 1];
  const auto count = std::ranges::count_if(found.segments, [&](std::uint64_t number) {
    return number >= older && number < found.checkpoints[newest];
  });
  if (static_cast<std::uint64_t>(count) < found.checkpoints[newest] - older) return newest;
  const std::string path = io::JoinPath(directory, CheckpointName(found.checkpoints[newest]));
  const auto ignore = [](RecordType, std::string_view) { return Ok(); };
  NARTHEX_ASSIGN_OR_RETURN(const ScanResult scan, ScanCheckpoint(files, path, ignore));
  if (scan.report.damage_count == 0) return newest;
  ReportDamage(path, scan);
  LogWarn(kComponent, "the checkpoint before the damaged one is used", {{"number", older}});
  return newest - 1;
}

void ReportMissing(const std::string& directory, std::uint64_t from, std::uint64_t until,
                   ReadReport& total) {
  ++total.damage_count;
  LogError(kComponent, "segments of the log are missing",
           {{"first", io::JoinPath(directory, SegmentName(from))}, {"count", until - from}});
}

}  // namespace

Result<ReadReport> ReadLog(io::FileSystem& files, const std::string& directory,
                           const Visitor& visit) {
  NARTHEX_ASSIGN_OR_RETURN(const LogFiles found, ListLog(files, directory));
  ReadReport total;
  std::uint64_t next = 1;
  if (!found.checkpoints.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const std::size_t chosen, ChooseCheckpoint(files, directory, found));
    if (chosen + 1 < found.checkpoints.size()) ++total.damage_count;
    next = found.checkpoints[chosen];
    NARTHEX_TRY(ReadCheckpoint(files, io::JoinPath(directory, CheckpointName(next)), visit, total));
    // Its segment was there before it.
    if (found.segments.empty() || found.segments.back() < next) {
      ReportMissing(directory, next, next + 1, total);
    }
  }
  for (const std::uint64_t number : found.segments) {
    if (number < next) continue;  // the checkpoint stands for it; removing it did not get so far
    if (number > next) ReportMissing(directory, next, number, total);
    NARTHEX_TRY(ReadSegment(files, io::JoinPath(directory, SegmentName(number)),
                            number == found.segments.back(), visit, total));
    next = number + 1;
  }
  return total;
}

}  // namespace narthex::wal
