// A lock for what is looked up all the time and seldom changed.
#pragma once

#include <array>
#include <atomic>

#include "base/mutex.h"
#include "client/thread_slot.h"

namespace narthex::client {

// One writer or many readers, like SharedMutex. A reader writes nothing that another thread writes:
// it shows what it reads in a cache line of its own, which a writer waits to be cleared. So readers
// cost each other nothing, and a writer costs more.
//
// A thread reads under one such lock at a time, for a look-up: writers wait without sleeping.
class CAPABILITY("mutex") LookupLock {
 public:
  LookupLock() = default;
  LookupLock(const LookupLock&) = delete;
  LookupLock& operator=(const LookupLock&) = delete;

  void lock() ACQUIRE();
  void unlock() RELEASE();

 private:
  friend class LookupReader;

  // What the thread in a slot reads under.
  struct alignas(64) Shown {
    std::atomic<const LookupLock*> lock{nullptr};
  };
  static std::array<Shown, kThreadSlotCount> shown_;

  Mutex mutex_;  // of writers, and of readers that meet one or have no slot
  // Sequentially consistent, as shown_ is: of a reader and a writer that come at once, one at least
  // sees the other.
  std::atomic<bool> has_writer_{false};
};

class SCOPED_CAPABILITY LookupReader {
 public:
  explicit LookupReader(LookupLock& lock) ACQUIRE_SHARED(lock) NO_THREAD_SAFETY_ANALYSIS
      : lock_(lock),
        slot_(ThreadSlot()) {
    if (slot_ != kNoThreadSlot) {
      LookupLock::shown_[slot_].lock.exchange(&lock_);
      if (!lock_.has_writer_.load()) [[likely]]
        return;
      LookupLock::shown_[slot_].lock.store(nullptr);
    }
    slot_ = kNoThreadSlot;
    lock_.mutex_.lock();
  }
  ~LookupReader() RELEASE_GENERIC() NO_THREAD_SAFETY_ANALYSIS {
    if (slot_ != kNoThreadSlot) {
      // Release: the writer that finds it cleared comes after what was read.
      LookupLock::shown_[slot_].lock.store(nullptr, std::memory_order_release);
    } else {
      lock_.mutex_.unlock();
    }
  }
  LookupReader(const LookupReader&) = delete;
  LookupReader& operator=(const LookupReader&) = delete;

 private:
  LookupLock& lock_;
  std::uint32_t slot_;  // where it is shown; none: the mutex is held
};

class SCOPED_CAPABILITY LookupWriter {
 public:
  explicit LookupWriter(LookupLock& lock) ACQUIRE(lock) : lock_(lock) { lock_.lock(); }
  ~LookupWriter() RELEASE() { lock_.unlock(); }
  LookupWriter(const LookupWriter&) = delete;
  LookupWriter& operator=(const LookupWriter&) = delete;

 private:
  LookupLock& lock_;
};

}  // namespace narthex::client
