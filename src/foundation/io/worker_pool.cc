#include "io/worker_pool.h"

#include <fmt/format.h>

namespace narthex::io {

WorkerPool::WorkerPool(WorkerPoolOptions options) : options_(options) {
  threads_.reserve(options_.thread_count);
  for (std::size_t i = 0; i < options_.thread_count; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

Status WorkerPool::Submit(Task task) {
  {
    MutexLock lock(mutex_);
    if (is_stopping_) return Error{ErrorCode::kCanceled, "the worker pool stops"};
    if (queue_.size() >= options_.queue_length_max) {
      return Error{ErrorCode::kResourceExhausted,
                   fmt::format("the worker pool's queue is full: {} tasks", queue_.size())};
    }
    queue_.push_back(std::move(task));
  }
  changed_.NotifyOne();
  return Ok();
}

void WorkerPool::Stop() {
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.NotifyAll();
  threads_.clear();
}

std::size_t WorkerPool::queue_length() const {
  MutexLock lock(mutex_);
  return queue_.size();
}

void WorkerPool::Work() {
  for (;;) {
    Task task;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !is_stopping_) changed_.Wait(mutex_);
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace narthex::io
