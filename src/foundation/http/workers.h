// The threads that run handlers.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"

namespace narthex::http {

// At most `running_max` tasks run at once; those inside a Blocked do not count, so that peers that
// read slowly keep no other request waiting. A thread is started when it is needed first and stays:
// there are never more than tasks under way at once, of which a server has one a connection.
//
// Thread-safe. Tasks must not throw.
class Workers {
 public:
  using Task = std::function<void()>;

  Workers(std::size_t running_max, std::size_t queue_length_max);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Errors: kResourceExhausted  the queue is full
  //         kCanceled           Stop() was called
  Status Submit(Task task) EXCLUDES(mutex_);

  // Refuses new tasks, finishes the accepted ones and joins. Not to be called from a task.
  void Stop() EXCLUDES(mutex_);

  // A task's time of waiting for something outside the program.
  class Blocked {
   public:
    explicit Blocked(Workers& workers) : workers_(workers) { workers_.ChangeRunning(-1); }
    ~Blocked() { workers_.ChangeRunning(1); }
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;

   private:
    Workers& workers_;
  };

 private:
  void Work() EXCLUDES(mutex_);
  // Blocks; empty when there is nothing left to do.
  Task Take() EXCLUDES(mutex_);
  void EndTask() EXCLUDES(mutex_);
  void ChangeRunning(int change) EXCLUDES(mutex_);
  Status Enqueue(Task task) EXCLUDES(mutex_);
  void StartThreadIfNeeded() REQUIRES(mutex_);
  bool MayTakeTask() const REQUIRES(mutex_);

  const int running_max_;
  const std::size_t queue_length_max_;

  Mutex mutex_;
  CondVar changed_;
  std::deque<Task> queue_ GUARDED_BY(mutex_);
  std::vector<std::jthread> threads_ GUARDED_BY(mutex_);
  std::size_t idle_count_ GUARDED_BY(mutex_) = 0;
  // May pass running_max_ for the rest of a task whose Blocked has ended.
  int running_count_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace narthex::http
