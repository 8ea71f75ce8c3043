// One process per folder.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::io {

// Holds a lock on a file until destruction or the end of the process, however it ends. The file
// says which process holds it; it is left behind on purpose, since removing it would race with the
// next holder.
class LockFile {
 public:
  enum class Note {
    kHolder,  // the file says who holds it, and nothing when it was let go
    kNone,    // the file stays as it is
  };

  // Errors: kFailedPrecondition  another process holds it: the message has its number
  //         kIo, kPermissionDenied
  static Result<std::unique_ptr<LockFile>> Acquire(std::string_view path,
                                                   Note note = Note::kHolder);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  // Whether the holder before ended without letting go, as by a crash.
  bool was_left_behind() const { return was_left_behind_; }

 private:
  LockFile(int descriptor, Note note) : descriptor_(descriptor), note_(note) {}
  const int descriptor_;
  const Note note_;
  bool was_left_behind_ = false;
};

}  // namespace narthex::io
