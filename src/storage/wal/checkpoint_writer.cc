#include "base/bytes.h"
#include "frame.h"
#include "wal/log.h"

namespace narthex::wal {
namespace {

// Large enough that the calls do not count, small enough not to show in memory.
constexpr std::size_t kFlushSize = std::size_t{1} << 18;

std::string TemporaryPath(const std::string& path) { return path + ".tmp"; }

}  // namespace

CheckpointWriter::CheckpointWriter(io::FileSystem& files, std::string path,
                                   std::unique_ptr<io::File> file)
    : files_(files), path_(std::move(path)), file_(std::move(file)), buffer_(kFileMagic) {}

Result<std::unique_ptr<CheckpointWriter>> CheckpointWriter::Create(io::FileSystem& files,
                                                                   std::string directory,
                                                                   std::uint64_t segment) {
  std::string path = io::JoinPath(directory, CheckpointName(segment));
  NARTHEX_ASSIGN_OR_RETURN(auto file, files.Open(TemporaryPath(path), io::OpenMode::kAppend));
  NARTHEX_TRY(file->Truncate(0));
  return std::unique_ptr<CheckpointWriter>(
      new CheckpointWriter(files, std::move(path), std::move(file)));
}

CheckpointWriter::~CheckpointWriter() {
  if (!is_finished_) (void)files_.Remove(TemporaryPath(path_));
}

Status CheckpointWriter::Add(RecordType type, std::string_view payload) {
  NARTHEX_CHECK(payload.size() < kRecordSizeMax, "the head splits what it writes");
  buffer_.append(FrameHead(type, payload));
  buffer_.append(payload);
  ++record_count_;
  return buffer_.size() < kFlushSize ? Ok() : Flush();
}

Status CheckpointWriter::Flush() {
  NARTHEX_TRY(file_->Append(buffer_));
  buffer_.clear();
  return Ok();
}

Status CheckpointWriter::Finish() {
  std::string count;
  PutVarint(count, record_count_);
  NARTHEX_TRY(Add(RecordType::kEnd, count));
  NARTHEX_TRY(Flush());
  NARTHEX_TRY(file_->Sync());
  NARTHEX_TRY(files_.Rename(TemporaryPath(path_), path_));
  is_finished_ = true;
  return files_.SyncDirectory(io::ParentPath(path_));
}

}  // namespace narthex::wal
