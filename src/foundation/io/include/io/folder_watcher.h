// Waits until something changes in a set of folders.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "base/result.h"

namespace narthex::io {

// Not thread-safe: one thread calls Watch() and Wait() in turn.
class FolderWatcher {
 public:
  // Errors: kResourceExhausted  the system grants no more watchers; kIo
  static Result<std::unique_ptr<FolderWatcher>> Create();
  ~FolderWatcher();
  FolderWatcher(const FolderWatcher&) = delete;
  FolderWatcher& operator=(const FolderWatcher&) = delete;

  // Watches exactly these folders (not what is below them) from now on. Folders that do not exist
  // are passed over.
  //
  // Errors: kResourceExhausted  the system's limit of watches is reached; some folders go unwatched
  Status Watch(std::span<const std::string> folders);

  enum class Event { kChanged, kTimeout, kStopped };

  // Blocks until an entry of a watched folder was created, written and closed, moved or removed;
  // all that has happened by then counts as one event.
  Event Wait(std::chrono::milliseconds timeout, std::stop_token stop);

 private:
  FolderWatcher(int notify, int wake) : notify_(notify), wake_(wake) {}
  bool Drain();

  const int notify_;
  const int wake_;
  std::unordered_map<std::string, int> watched_;
};

}  // namespace narthex::io
