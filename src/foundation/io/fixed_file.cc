#include "io/fixed_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "io/file.h"

namespace narthex::io {

Result<std::unique_ptr<FixedFile>> FixedFile::Create(std::string path, std::uint64_t size_bytes) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError(errno, fmt::format("open {}", path));
  std::unique_ptr<FixedFile> file(new FixedFile(descriptor, std::move(path), size_bytes));
  const std::string zeros(std::min<std::uint64_t>(size_bytes, 32 << 10), '\0');
  for (std::uint64_t offset = 0; offset < size_bytes; offset += zeros.size()) {
    const std::uint64_t rest = size_bytes - offset;
    NARTHEX_TRY(file->WriteAt(offset, std::string_view(zeros).substr(0, rest)));
  }
  return file;
}

FixedFile::~FixedFile() { close(descriptor_); }

Status FixedFile::WriteAt(std::uint64_t offset, std::string_view bytes) {
  NARTHEX_CHECK(offset <= size_bytes_ && bytes.size() <= size_bytes_ - offset,
                "a write must end within the file");
  while (!bytes.empty()) {
    const ssize_t count =
        pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, fmt::format("write {}", path_));
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return Ok();
}

}  // namespace narthex::io
