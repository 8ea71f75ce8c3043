// A file of one size, whose bytes are overwritten in place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::io {

// For what must be on record when the process dies, and may be lost when the machine does: nothing
// is synced. Thread-safe where writes do not overlap. Closed with the object; the file stays.
class FixedFile {
 public:
  // Creates the file, or empties the one that is there, and fills it with zeros, so that a disk
  // that is full later does not matter.
  // Errors: kNoSpace, kPermissionDenied, kNotFound (no such folder), kIo
  static Result<std::unique_ptr<FixedFile>> Create(std::string path, std::uint64_t size_bytes);
  ~FixedFile();
  FixedFile(const FixedFile&) = delete;
  FixedFile& operator=(const FixedFile&) = delete;

  // `bytes` must end within the file. Errors: kIo, kNoSpace  some may have been written
  Status WriteAt(std::uint64_t offset, std::string_view bytes);

 private:
  FixedFile(int descriptor, std::string path, std::uint64_t size_bytes)
      : descriptor_(descriptor), path_(std::move(path)), size_bytes_(size_bytes) {}

  const int descriptor_;
  const std::string path_;
  const std::uint64_t size_bytes_;
};

}  // namespace narthex::io
