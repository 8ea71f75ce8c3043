// Work whose end is not waited for forever.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "http/message.h"

namespace narthex::exposer {

// Runs each task on a thread of its own; whoever asked gets its answer, or none if that takes too
// long: the task runs on then. Thread-safe. The caller bounds how many run at once.
class LateAnswers {
 public:
  using Task = std::function<http::Response()>;

  LateAnswers() = default;
  // Waits for all tasks.
  ~LateAnswers() = default;
  LateAnswers(const LateAnswers&) = delete;
  LateAnswers& operator=(const LateAnswers&) = delete;

  // Blocks for `timeout` at most. `task` must not throw.
  std::optional<http::Response> Await(Task task, std::chrono::milliseconds timeout)
      EXCLUDES(mutex_);

 private:
  // Shared by the task's thread and whoever waits: either may leave first.
  struct Job {
    Mutex mutex;
    CondVar changed;
    std::optional<http::Response> answer GUARDED_BY(mutex);
    bool is_done GUARDED_BY(mutex) = false;
  };
  struct Running {
    std::shared_ptr<Job> job;
    std::jthread thread;
  };

  // Keeps `running` until its task has ended; takes those out that have.
  void Keep(Running running) EXCLUDES(mutex_);

  Mutex mutex_;
  std::vector<Running> running_ GUARDED_BY(mutex_);
};

}  // namespace narthex::exposer
