#include "wal/log.h"

#include <fmt/format.h>

#include <array>

#include "base/log.h"
#include "frame.h"

namespace narthex::wal {
namespace {

constexpr std::string_view kComponent = "wal";

}  // namespace

Log::Log(io::FileSystem& files, Clock& clock, std::string directory, LogOptions options)
    : files_(files), clock_(clock), directory_(std::move(directory)), options_(options) {}

Result<std::unique_ptr<Log>> Log::Open(io::FileSystem& files, Clock& clock, std::string directory,
                                       LogOptions options) {
  std::unique_ptr<Log> log(new Log(files, clock, std::move(directory), options));
  std::uint64_t last = 0;
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files.List(log->directory_));
  for (const io::DirectoryEntry& entry : entries) {
    // A checkpoint counts too: its segments may be gone.
    if (const auto number = ParseCheckpointName(entry.name)) last = std::max(last, *number);
    if (const auto number = ParseSegmentName(entry.name)) last = std::max(last, *number);
  }
  {
    MutexLock lock(log->mutex_);
    log->unsynced_directories_.emplace_back(io::ParentPath(log->directory_));
    NARTHEX_TRY(log->MeasureSizes());
    NARTHEX_TRY(log->StartSegment(last + 1));
  }
  if (options.sync_interval.count() > 0) {
    log->sync_thread_ =
        std::jthread([raw = log.get()](std::stop_token stop) { raw->SyncAtIntervals(stop); });
  }
  return log;
}

Status Log::MeasureSizes() {
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files_.List(directory_));
  std::uint64_t segments = 0;
  std::uint64_t checkpoints = 0;
  for (const io::DirectoryEntry& entry : entries) {
    const bool is_checkpoint = ParseCheckpointName(entry.name).has_value();
    if (!is_checkpoint && !ParseSegmentName(entry.name)) continue;
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t size,
                             files_.FileSize(io::JoinPath(directory_, entry.name)));
    (is_checkpoint ? checkpoints : segments) += size;
  }
  stats_.size_bytes = segments + checkpoints;
  stats_.checkpoint_size_bytes = checkpoints;
  return Ok();
}

Log::~Log() {
  if (sync_thread_.joinable()) {
    sync_thread_.request_stop();
    sync_thread_.join();
  }
  if (const Status synced = Sync(); !synced.ok()) {
    LogError(kComponent, "last sync failed", {{"err", synced.error().message()}});
  }
}

Status Log::StartSegment(std::uint64_t number) {
  const std::string path = io::JoinPath(directory_, SegmentName(number));
  const auto start = [&]() -> Result<std::unique_ptr<io::File>> {
    NARTHEX_ASSIGN_OR_RETURN(auto file, files_.Open(path, io::OpenMode::kAppend));
    // One whose first write failed may be left from before.
    NARTHEX_TRY(file->Truncate(0));
    NARTHEX_TRY(file->Append(kFileMagic));
    return file;
  };
  auto file = start();
  if (!file.ok()) {
    if (io::Exists(files_, path)) (void)files_.Remove(path);
    return std::move(file).error();
  }
  if (file_ != nullptr && is_dirty_) unsynced_.push_back(std::move(file_));
  file_ = std::move(file).value();
  file_size_ = kFileMagic.size();
  is_broken_ = false;
  is_dirty_ = true;
  unsynced_directories_.push_back(directory_);
  stats_.segment = number;
  stats_.size_bytes += kFileMagic.size();
  return Ok();
}

Status Log::Append(RecordType type, std::string_view payload) {
  if (payload.size() >= kRecordSizeMax) {
    return Error{
        ErrorCode::kResourceExhausted,
        fmt::format("log record of {} bytes, the limit is {}", payload.size(), kRecordSizeMax - 1)};
  }
  MutexLock lock(mutex_);
  Status written = WriteRecord(type, payload);
  if (!written.ok()) ++stats_.write_failed_count;
  return written;
}

Status Log::Append(RecordList& records) {
  const RecordView record = records.AsRecord();
  return Append(record.type, record.payload);
}

Result<std::uint64_t> Log::SegmentFor(std::size_t payload_size_max) {
  MutexLock lock(mutex_);
  if (Status made = MakeRoom(kFrameHeadSize + 1 + payload_size_max); !made.ok()) {
    ++stats_.write_failed_count;
    return std::move(made).error();
  }
  return stats_.segment;
}

Status Log::MakeRoom(std::uint64_t size) {
  const bool is_full =
      file_size_ > kFileMagic.size() && file_size_ + size > options_.segment_size_bytes_max;
  return is_broken_ || is_full ? StartSegment(stats_.segment + 1) : Ok();
}

Status Log::WriteRecord(RecordType type, std::string_view payload) {
  const std::string head = FrameHead(type, payload);
  const std::uint64_t size = head.size() + payload.size();
  NARTHEX_TRY(MakeRoom(size));

  const std::array<std::string_view, 2> parts = {head, payload};
  if (Status written = file_->Append(parts); !written.ok()) {
    TakeBack();
    return written;
  }
  if (options_.sync_interval.count() == 0) {
    if (Status synced = SyncRecord(); !synced.ok()) {
      TakeBack();
      // After a failed sync the system may have dropped bytes that it reports as written.
      is_broken_ = true;
      return synced;
    }
  } else {
    is_dirty_ = true;
  }
  file_size_ += size;
  stats_.size_bytes += size;
  stats_.written_bytes += size;
  ++stats_.record_count;
  return Ok();
}

Status Log::SyncRecord() {
  const std::chrono::nanoseconds start = clock_.Monotonic();
  Status synced = file_->Sync();
  while (synced.ok() && !unsynced_directories_.empty()) {
    synced = files_.SyncDirectory(unsynced_directories_.back());
    if (synced.ok()) unsynced_directories_.pop_back();
  }
  stats_.sync_duration += clock_.Monotonic() - start;
  ++(synced.ok() ? stats_.sync_count : stats_.sync_failed_count);
  return synced;
}

void Log::TakeBack() {
  if (const Status cut = file_->Truncate(file_size_); !cut.ok()) is_broken_ = true;
}

Status Log::SyncFile(io::File& file) {
  const std::chrono::nanoseconds start = clock_.Monotonic();
  Status synced = file.Sync();
  const std::chrono::nanoseconds duration = clock_.Monotonic() - start;
  MutexLock lock(mutex_);
  ++(synced.ok() ? stats_.sync_count : stats_.sync_failed_count);
  stats_.sync_duration += duration;
  return synced;
}

Status Log::SyncDirectories(std::vector<std::string> directories) {
  while (!directories.empty()) {
    if (Status synced = files_.SyncDirectory(directories.back()); !synced.ok()) {
      MutexLock lock(mutex_);
      ++stats_.sync_failed_count;
      unsynced_directories_.insert(unsynced_directories_.end(), directories.begin(),
                                   directories.end());
      return synced;
    }
    directories.pop_back();
  }
  return Ok();
}

Status Log::Sync() {
  std::vector<std::shared_ptr<io::File>> waiting;
  std::vector<std::string> directories;
  {
    MutexLock lock(mutex_);
    waiting.swap(unsynced_);
    directories.swap(unsynced_directories_);
    if (is_dirty_ && file_ != nullptr) waiting.push_back(file_);
    is_dirty_ = false;
  }
  Status result = SyncDirectories(std::move(directories));
  for (const auto& file : waiting) {
    if (Status synced = SyncFile(*file); !synced.ok()) {
      result = std::move(synced);
      // What the system dropped cannot be written again; later records go to a file of their own.
      MutexLock lock(mutex_);
      if (file == file_) is_broken_ = true;
    }
  }
  return result;
}

void Log::SyncAtIntervals(std::stop_token stop) {
  bool was_ok = true;
  while (clock_.WaitFor(options_.sync_interval, stop)) {
    const Status synced = Sync();
    if (!synced.ok() && was_ok) {
      LogError(kComponent,
               "sync failed: records of the last interval may not survive a loss of power",
               {{"err", synced.error().message()}});
    }
    was_ok = synced.ok();
  }
}

Result<std::uint64_t> Log::Cut() {
  MutexLock lock(mutex_);
  NARTHEX_TRY(StartSegment(stats_.segment + 1));
  return stats_.segment;
}

Status Log::RemoveBefore(std::uint64_t segment) {
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files_.List(directory_));
  for (const io::DirectoryEntry& entry : entries) {
    auto number = ParseSegmentName(entry.name);
    if (!number) number = ParseCheckpointName(entry.name);
    if (number && *number < segment) {
      NARTHEX_TRY(files_.Remove(io::JoinPath(directory_, entry.name)));
    }
  }
  NARTHEX_TRY(files_.SyncDirectory(directory_));
  MutexLock lock(mutex_);
  return MeasureSizes();
}

LogStats Log::stats() const {
  MutexLock lock(mutex_);
  return stats_;
}

}  // namespace narthex::wal
