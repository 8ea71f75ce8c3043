// Runs small tasks at their times, on one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"

namespace narthex::scrape {

// Thread-safe. Tasks run one after the other and must be quick; they may add tasks.
class Scheduler {
 public:
  using Task = std::function<void()>;

  explicit Scheduler(Clock& clock);
  // Stop().
  ~Scheduler();

  // Runs `task` when Clock::Monotonic() has reached `due`; of equal times, in the order added.
  // Ignored after Stop().
  void At(std::chrono::nanoseconds due, Task task) EXCLUDES(mutex_);

  // Drops what has not run and joins the thread. Not from a task.
  void Stop() EXCLUDES(mutex_);

 private:
  struct Entry {
    std::chrono::nanoseconds due;
    std::uint64_t number;
    Task task;
  };
  static bool IsLater(const Entry& a, const Entry& b);

  void Run(std::stop_token stop) EXCLUDES(mutex_);
  std::optional<Task> TakeDue() EXCLUDES(mutex_);

  Clock& clock_;
  Mutex mutex_;
  std::vector<Entry> heap_ GUARDED_BY(mutex_);
  std::uint64_t next_number_ GUARDED_BY(mutex_) = 0;
  std::stop_source wake_
      GUARDED_BY(mutex_);  // ends the thread's wait when an earlier task is added
  bool is_stopped_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace narthex::scrape
