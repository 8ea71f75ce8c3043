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
  // Errors: kFailedPrecondition  another process holds it: the message has its number
  //         kIo, kPermissionDenied
  static Result<std::unique_ptr<LockFile>> Acquire(std::string_view path);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace narthex::io
