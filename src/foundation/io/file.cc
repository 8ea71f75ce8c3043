#include "io/file.h"

#include <sys/mman.h>

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

}  // namespace narthex::io
