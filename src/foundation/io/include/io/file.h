// Files and maps of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::io {

// One open file, closed with the object.
//
// Thread-safe as the system's descriptors are: reads and Sync() may run beside one writer. Every
// error names the path and the system's reason.
class File {
 public:
  virtual ~File() = default;

  virtual const std::string& path() const = 0;

  // Reads up to `buffer.size()` bytes from `offset`; fewer only at the end of the file.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> buffer) const = 0;

  // Writes all parts, one after the other, behind the end of the file.
  // Errors: kNoSpace, kIo  the file may hold a beginning of the bytes
  virtual Status Append(std::span<const std::string_view> parts) = 0;
  Status Append(std::string_view bytes) { return Append(std::span(&bytes, 1)); }

  // Returns when the bytes written so far survive a loss of power.
  virtual Status Sync() = 0;
  // Cuts the file, or fills it up with zeros.
  virtual Status Truncate(std::uint64_t size_bytes) = 0;
  // Reserves room on the disk without changing the size; a file system that cannot is no error.
  // Errors: kNoSpace  there is not as much room
  virtual Status Preallocate(std::uint64_t size_bytes) = 0;
  virtual Result<std::uint64_t> Size() const = 0;
};

// A whole file as memory, read only. The bytes live as long as the object, also when the file has
// been removed meanwhile. Movable.
class Mapping {
 public:
  Mapping() = default;
  // Takes over a region made by mmap(2); an empty file has none.
  Mapping(void* address, std::size_t size_bytes) : address_(address), size_bytes_(size_bytes) {}
  ~Mapping();
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::string_view bytes() const { return {static_cast<const char*>(address_), size_bytes_}; }
  // Asks the system to fetch the file into its cache, and does not wait for it. A hint: what is
  // read later is the same, only sooner.
  void ReadAhead() const;

 private:
  void* address_ = nullptr;
  std::size_t size_bytes_ = 0;
};

}  // namespace narthex::io
