#include "io/file.h"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

namespace narthex::io {

Mapping::~Mapping() {
  if (address_ != nullptr) munmap(address_, size_bytes_);
}

Mapping::Mapping(Mapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(address_, other.address_);
  std::swap(size_bytes_, other.size_bytes_);
  return *this;
}

void Mapping::ReadAhead() const {
  // Linux fetches no more for one call than a device reads ahead by itself, which is this much.
  constexpr std::size_t kStepSizeBytes = std::size_t{128} << 10;
  for (std::size_t at = 0; at < size_bytes_; at += kStepSizeBytes) {
    const std::size_t size = std::min(kStepSizeBytes, size_bytes_ - at);
    (void)madvise(static_cast<char*>(address_) + at, size, MADV_WILLNEED);
  }
}

}  // namespace narthex::io
