// Threads that lend a hand to queries.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace narthex::engine {

// Thread-safe. Who asks must be able to do all of the work alone: help comes only where a thread
// has nothing else to do.
class Crew {
 public:
  using Work = std::function<void()>;

  // Threads are started when they are first needed.
  explicit Crew(std::size_t thread_count_max) : thread_count_max_(thread_count_max) {}
  // Waits for work that has begun.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  std::size_t thread_count_max() const { return thread_count_max_; }
  // Lets a thread that is idle run `work`; false if there is none.
  bool Ask(Work work) EXCLUDES(mutex_);

 private:
  void Run() EXCLUDES(mutex_);

  const std::size_t thread_count_max_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<Work> queue_ GUARDED_BY(mutex_);
  std::size_t idle_count_ GUARDED_BY(mutex_) = 0;  // those that no work in the queue is meant for
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_ GUARDED_BY(mutex_);
};

}  // namespace narthex::engine
