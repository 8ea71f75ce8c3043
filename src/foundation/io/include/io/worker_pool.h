// Threads that work off a bounded queue of tasks.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"

namespace narthex::io {

struct WorkerPoolOptions {
  std::size_t thread_count = 2;
  std::size_t queue_length_max = 1024;
};

// Thread-safe. Tasks must not throw and should be short or watch a stop token of their own.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  explicit WorkerPool(WorkerPoolOptions options);
  // Finishes the tasks that were accepted, then joins the threads.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Errors: kResourceExhausted  the queue is full; the task was not accepted
  //         kCanceled           Stop() was called
  Status Submit(Task task) EXCLUDES(mutex_);

  // Refuses new tasks, finishes the accepted ones and joins. May be called more than once, not from
  // a task.
  void Stop() EXCLUDES(mutex_);

  std::size_t thread_count() const { return options_.thread_count; }
  std::size_t queue_length() const EXCLUDES(mutex_);

 private:
  void Work() EXCLUDES(mutex_);

  const WorkerPoolOptions options_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<Task> queue_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;  // written by the constructor and by Stop() only
};

}  // namespace narthex::io
