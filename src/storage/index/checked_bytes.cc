#include "checked_bytes.h"

#include "base/hash.h"
#include "posting_format.h"

namespace narthex::index {

CheckedBytes::CheckedBytes(std::string_view bytes, std::string_view checksums)
    : bytes_(bytes),
      checksums_(checksums),
      sound_(std::make_unique<std::atomic<std::uint64_t>[]>(chunk_count() / 64 + 1)) {}

bool CheckedBytes::Check(std::uint64_t chunk) const {
  if ((chunk + 1) * 4 > checksums_.size() ||
      Crc32c(bytes_.substr(chunk * kChunkSize, kChunkSize)) != ReadWord(checksums_, chunk)) {
    NoteDamage();
    return false;
  }
  sound_[chunk / 64].fetch_or(std::uint64_t{1} << (chunk % 64), std::memory_order_relaxed);
  return true;
}

std::string_view CheckedBytes::Read(std::uint64_t offset, std::uint64_t size) const {
  if (offset > bytes_.size() || size > bytes_.size() - offset) {
    NoteDamage();
    return {};
  }
  if (size == 0) return {};
  const std::uint64_t last = (offset + size - 1) / kChunkSize;
  for (std::uint64_t chunk = offset / kChunkSize; chunk <= last; ++chunk) {
    const std::uint64_t sound = sound_[chunk / 64].load(std::memory_order_relaxed);
    if ((sound >> (chunk % 64) & 1) == 0 && !Check(chunk)) return {};
  }
  return bytes_.substr(offset, size);
}

bool CheckedBytes::CheckAll() const {
  bool is_sound = true;
  for (std::uint64_t chunk = 0; chunk < chunk_count(); ++chunk) {
    is_sound = Check(chunk) && is_sound;
  }
  return is_sound;
}

}  // namespace narthex::index
