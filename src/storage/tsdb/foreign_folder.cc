#include "foreign_folder.h"

#include <fmt/format.h>

#include <algorithm>

namespace narthex::tsdb {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A ULID: 26 digits and capital letters.
bool IsBlockId(std::string_view name) {
  return name.size() == 26 && std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

// What of Prometheus is in the folder; empty if nothing is.
// Source: Prometheus, storage documentation, "On-disk layout".
std::string Trace(io::FileSystem& files, std::string_view directory) {
  const auto entries = files.List(directory);
  if (!entries.ok()) return {};
  for (const io::DirectoryEntry& entry : *entries) {
    if (!entry.is_directory) continue;
    const std::string path = io::JoinPath(directory, entry.name);
    if (entry.name == "chunks_head") return entry.name;
    if (IsBlockId(entry.name) && io::Exists(files, io::JoinPath(path, "meta.json"))) {
      return fmt::format("{}/meta.json", entry.name);
    }
    if (entry.name != "wal") continue;
    const auto segments = files.List(path);
    if (!segments.ok()) continue;
    for (const io::DirectoryEntry& segment : *segments) {
      if (segment.name.size() == 8 && IsDigits(segment.name)) {
        return fmt::format("wal/{}", segment.name);
      }
    }
  }
  return {};
}

}  // namespace

Status RefuseForeignFolder(io::FileSystem& files, std::string_view directory) {
  if (io::Exists(files, io::JoinPath(directory, "blocks"))) return Ok();
  const std::string found = Trace(files, directory);
  if (found.empty()) return Ok();
  return Error{
      ErrorCode::kFailedPrecondition,
      fmt::format("the folder holds a Prometheus TSDB ({}), which has another format; give "
                  "an empty folder and take its samples over: narthex tool tsdb import",
                  found)};
}

Result<std::unique_ptr<io::LockFile>> LockForReading(io::FileSystem& files,
                                                     const std::string& directory) {
  NARTHEX_TRY(RefuseForeignFolder(files, directory));
  if (!io::Exists(files, io::JoinPath(directory, "blocks"))) {
    return Error{ErrorCode::kNotFound, fmt::format("{} holds no store", directory)};
  }
  const std::string path = io::JoinPath(directory, "lock");
  if (!io::Exists(files, path)) return std::unique_ptr<io::LockFile>();
  auto lock = io::LockFile::Acquire(path, io::LockFile::Note::kNone);
  if (lock.ok() || lock.code() == ErrorCode::kFailedPrecondition) return lock;
  return std::unique_ptr<io::LockFile>();
}

}  // namespace narthex::tsdb
