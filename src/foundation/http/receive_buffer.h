// Where received bytes go: memory that grows without being filled, and that is used again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace narthex::http {

// Bytes one after the other; what lies behind size() is never initialised.
class ReceiveBuffer {
 public:
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  char* data() { return bytes_.get(); }
  std::string_view view() const { return {bytes_.get(), size_}; }

  // Room behind the bytes that are there: at least `size` bytes, all there is.
  std::span<char> Room(std::size_t size) {
    if (capacity_ - size_ < size) Grow(std::max(size_ + size, 2 * capacity_));
    return {bytes_.get() + size_, capacity_ - size_};
  }
  // So many bytes were put into the room.
  void Commit(std::size_t size) { size_ += size; }
  void Truncate(std::size_t size) { size_ = size; }
  // Takes away the first bytes.
  void RemoveFront(std::size_t size) {
    if (size == 0) return;
    std::memmove(bytes_.get(), bytes_.get() + size, size_ - size);
    size_ -= size;
  }

 private:
  void Grow(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Buffers for reuse, the one that was in use last first: its memory is in the cache. Thread-safe.
class BufferPool {
 public:
  ReceiveBuffer Take() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (spare_.empty()) return {};
    ReceiveBuffer buffer = std::move(spare_.back());
    spare_.pop_back();
    return buffer;
  }

  void Give(ReceiveBuffer buffer) EXCLUDES(mutex_) {
    if (buffer.capacity() == 0 || buffer.capacity() > kKeptSizeBytesMax) return;
    buffer.Truncate(0);
    MutexLock lock(mutex_);
    if (spare_.size() < kSpareCountMax) spare_.push_back(std::move(buffer));
  }

 private:
  // More answers at once than this are rare, and what they need is then given back.
  static constexpr std::size_t kSpareCountMax = 4;
  static constexpr std::size_t kKeptSizeBytesMax = 4u << 20;

  Mutex mutex_;
  std::vector<ReceiveBuffer> spare_ GUARDED_BY(mutex_);
};

}  // namespace narthex::http
