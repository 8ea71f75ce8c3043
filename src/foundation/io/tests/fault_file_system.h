// A file system that fails on purpose: a disk that fills up, a write that tears, a machine that
// stops.
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "io/file_system.h"

namespace narthex::io {

// Passes everything on to the machine's files, until told otherwise. Thread-safe.
//
// A "change" is an operation that alters the disk: append, sync, truncate, preallocate, open for
// writing, create folder, rename, remove, sync of a folder.
class FaultFileSystem final : public FileSystem {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  // From the change with this number on (0 is the next one), every change fails with kIo, as if the
  // machine had stopped; an append that is hit leaves its first half.
  void StopAfter(std::int64_t change_count) { changes_left_ = change_count; }
  // The change with this number from now alone fails with kIo.
  void FailOnce(std::int64_t change_count) { changes_to_failure_ = change_count; }
  // Appends fail with kNoSpace once this many more bytes are written; one that does not fit leaves
  // the beginning that did.
  void SetRoom(std::int64_t bytes) { room_ = bytes; }
  void Heal() {
    changes_left_ = kNever;
    changes_to_failure_ = kNever;
    room_ = kNever;
    fails_truncate_ = false;
  }
  // Whether truncation, with which a writer takes back half a record, fails as well.
  void FailTruncate(bool fails) { fails_truncate_ = fails; }
  void SetTotal(std::int64_t bytes) { total_ = bytes; }
  // What FreeBytes tells, whatever the room.
  void PretendFree(std::int64_t bytes) { pretended_free_ = bytes; }
  void RefuseLinks(bool refuses) { refuses_links_ = refuses; }
  std::int64_t change_count() const { return change_count_; }
  std::int64_t sync_count() const { return sync_count_; }

  Result<std::unique_ptr<File>> Open(std::string_view path, OpenMode mode) override {
    if (mode != OpenMode::kRead) NARTHEX_TRY(Change("open", path));
    NARTHEX_ASSIGN_OR_RETURN(std::unique_ptr<File> file, SystemFiles().Open(path, mode));
    return std::make_unique<FaultFile>(*this, std::move(file));
  }
  Result<Mapping> Map(std::string_view path) override { return SystemFiles().Map(path); }
  Result<std::vector<DirectoryEntry>> List(std::string_view directory) override {
    return SystemFiles().List(directory);
  }
  Status CreateDirectories(std::string_view path) override {
    if (Exists(SystemFiles(), path)) return Ok();
    NARTHEX_TRY(Change("create folder", path));
    return SystemFiles().CreateDirectories(path);
  }
  Status Rename(std::string_view from, std::string_view to) override {
    NARTHEX_TRY(Change("rename", from));
    return SystemFiles().Rename(from, to);
  }
  Status Remove(std::string_view path) override {
    NARTHEX_TRY(Change("remove", path));
    return SystemFiles().Remove(path);
  }
  Status SyncDirectory(std::string_view directory) override {
    NARTHEX_TRY(Change("sync folder", directory));
    return SystemFiles().SyncDirectory(directory);
  }
  Result<std::uint64_t> FileSize(std::string_view path) override {
    return SystemFiles().FileSize(path);
  }
  Result<std::uint64_t> TotalBytes(std::string_view path) override {
    if (total_ != 0) return static_cast<std::uint64_t>(total_.load());
    return SystemFiles().TotalBytes(path);
  }
  Status Link(std::string_view from, std::string_view to) override {
    NARTHEX_TRY(Change("link", to));
    if (refuses_links_) return Error{ErrorCode::kUnsupported, "no links here"};
    return SystemFiles().Link(from, to);
  }
  Result<std::uint64_t> FreeBytes(std::string_view) override {
    const std::int64_t free = pretended_free_ >= 0 ? pretended_free_ : room_;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, free));
  }

 private:
  class FaultFile final : public File {
   public:
    FaultFile(FaultFileSystem& owner, std::unique_ptr<File> file)
        : owner_(owner), file_(std::move(file)) {}

    const std::string& path() const override { return file_->path(); }
    Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> buffer) const override {
      return file_->ReadAt(offset, buffer);
    }
    Status Append(std::span<const std::string_view> parts) override {
      std::string bytes;
      for (const std::string_view part : parts) bytes.append(part);
      if (Status change = owner_.Change("write", path()); !change.ok()) {
        if (owner_.changes_left_ == -1) {
          (void)file_->Append(std::string_view(bytes).substr(0, bytes.size() / 2));
        }
        return change;
      }
      const auto size = static_cast<std::int64_t>(bytes.size());
      const std::int64_t room = owner_.room_;
      if (room != kNever && size > room) {
        owner_.room_ = 0;
        (void)file_->Append(std::string_view(bytes).substr(0, static_cast<std::size_t>(room)));
        return SystemError(ENOSPC, "write " + path());
      }
      if (room != kNever) owner_.room_ -= size;
      return file_->Append(std::string_view(bytes));
    }
    Status Sync() override {
      NARTHEX_TRY(owner_.Change("sync", path()));
      ++owner_.sync_count_;
      return Ok();
    }
    Status Truncate(std::uint64_t size_bytes) override {
      NARTHEX_TRY(owner_.Change("truncate", path()));
      if (owner_.fails_truncate_) return SystemError(EIO, "truncate " + path());
      return file_->Truncate(size_bytes);
    }
    Status Preallocate(std::uint64_t size_bytes) override {
      NARTHEX_TRY(owner_.Change("preallocate", path()));
      if (owner_.room_ != kNever && static_cast<std::int64_t>(size_bytes) > owner_.room_) {
        return SystemError(ENOSPC, "preallocate " + path());
      }
      return Ok();
    }
    Result<std::uint64_t> Size() const override { return file_->Size(); }

   private:
    FaultFileSystem& owner_;
    const std::unique_ptr<File> file_;
  };

  Status Change(std::string_view action, std::string_view path) {
    ++change_count_;
    if (changes_to_failure_-- == 0) {
      return SystemError(EIO, std::string(action) + " " + std::string(path));
    }
    if (changes_left_ == kNever) return Ok();
    if (changes_left_-- > 0) return Ok();
    return SystemError(EIO, std::string(action) + " " + std::string(path));
  }

  std::atomic<std::int64_t> changes_left_ = kNever;
  std::atomic<std::int64_t> changes_to_failure_ = kNever;
  std::atomic<std::int64_t> room_ = kNever;
  std::atomic<std::int64_t> change_count_ = 0;
  std::atomic<std::int64_t> sync_count_ = 0;
  std::atomic<std::int64_t> total_ = 0;  // 0: the machine's
  std::atomic<bool> fails_truncate_ = false;
  std::atomic<std::int64_t> pretended_free_ = -1;
  std::atomic<bool> refuses_links_ = false;
};

}  // namespace narthex::io
