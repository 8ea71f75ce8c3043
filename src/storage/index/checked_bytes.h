// Bytes of a file whose checksums are looked at when they are first read.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "index_format.h"

namespace narthex::index {

// Thread-safe. Does not own the bytes.
class CheckedBytes {
 public:
  // `checksums`: CRC-32C, little-endian, of each chunk of `bytes`.
  CheckedBytes(std::string_view bytes, std::string_view checksums);

  // Empty, and damage noted, if the range is out of bounds or a chunk of it fails its checksum.
  std::string_view Read(std::uint64_t offset, std::uint64_t size) const;
  std::uint64_t size() const { return bytes_.size(); }
  // Looks at all, also at what was looked at before; whether it is sound.
  bool CheckAll() const;

  // That something read does not make sense. Sticks.
  void NoteDamage() const { is_damaged_.store(true, std::memory_order_relaxed); }
  bool is_damaged() const { return is_damaged_.load(std::memory_order_relaxed); }

 private:
  bool Check(std::uint64_t chunk) const;
  std::uint64_t chunk_count() const { return (bytes_.size() + kChunkSize - 1) / kChunkSize; }

  const std::string_view bytes_;
  const std::string_view checksums_;
  // Bits of the chunks known to be sound. The bytes never change, so no order is needed: who does
  // not see a bit yet looks once more.
  const std::unique_ptr<std::atomic<std::uint64_t>[]> sound_;
  mutable std::atomic<bool> is_damaged_ = false;
};

}  // namespace narthex::index
