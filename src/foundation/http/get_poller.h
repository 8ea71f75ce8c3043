// The threads on which the answers to repeated GETs arrive.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "body_decoder.h"
#include "descriptor.h"
#include "receive_buffer.h"

namespace narthex::http {

class KeptGet;

// All GETs share one epoll set. A connection that has something to read wakes one thread and no
// other until that one has armed it again, so threads share the work as it comes.
//
// Thread-safe. Shared by the client and its GETs, since either may be the last to leave.
class GetPoller {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  explicit GetPoller(std::size_t thread_count);
  // Stop().
  ~GetPoller();

  // Ends all exchanges under way with kCanceled and joins the threads. Not from a callback.
  void Stop() EXCLUDES(mutex_);
  bool is_stopped() const { return stop_.stop_requested(); }

  // Returns the number under which events find it.
  std::uint64_t Add(std::shared_ptr<KeptGet> get) EXCLUDES(mutex_);
  void Remove(std::uint64_t number) EXCLUDES(mutex_);

  // Watches a socket for bytes or its end: once, then Rearm() is due.
  void Watch(int fd, std::uint64_t number);
  void Rearm(int fd, std::uint64_t number);
  void Unwatch(int fd);

  // A thread looks at all deadlines when this one has come, if not before.
  void EnsureWakeUp(Instant deadline) EXCLUDES(mutex_);
  // Has a thread call KeptGet::Deliver().
  void Post(std::shared_ptr<KeptGet> get) EXCLUDES(mutex_);

  BufferPool& buffers() { return buffers_; }

 private:
  void Run(std::stop_token stop);
  void Poll(BodyDecoder& decoder);
  void DeliverPosted(BodyDecoder& decoder) EXCLUDES(mutex_);
  void LookAtDeadlines() EXCLUDES(mutex_);
  std::shared_ptr<KeptGet> Find(std::uint64_t number) const EXCLUDES(mutex_);
  std::vector<std::shared_ptr<KeptGet>> All() const EXCLUDES(mutex_);

  const Descriptor epoll_;
  const Descriptor timer_;
  const Descriptor posted_event_;
  const Descriptor stop_event_;
  BufferPool buffers_;
  std::stop_source stop_;
  // Of the timer; 0: not set. Relaxed: it only spares system calls, and is set under the mutex.
  std::atomic<std::int64_t> wake_up_ns_{0};

  mutable Mutex mutex_;
  std::uint64_t next_number_ GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, std::shared_ptr<KeptGet>> gets_ GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<KeptGet>> posted_ GUARDED_BY(mutex_);

  std::vector<std::jthread> threads_;  // written by the constructor and by Stop() only
};

}  // namespace narthex::http
