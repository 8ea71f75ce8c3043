#include "workers.h"

#include <fmt/format.h>

#include <algorithm>

namespace narthex::http {

Workers::Workers(std::size_t running_max, std::size_t queue_length_max)
    : running_max_(static_cast<int>(std::max<std::size_t>(running_max, 1))),
      queue_length_max_(queue_length_max) {}

Workers::~Workers() { Stop(); }

Status Workers::Submit(Task task) {
  NARTHEX_TRY(Enqueue(std::move(task)));
  // Not under the lock, which the thread that wakes needs first.
  changed_.NotifyOne();
  return Ok();
}

Status Workers::Enqueue(Task task) {
  MutexLock lock(mutex_);
  if (is_stopping_) return Error{ErrorCode::kCanceled, "the server stops"};
  if (queue_.size() >= queue_length_max_) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("{} requests are waiting already", queue_.size())};
  }
  queue_.push_back(std::move(task));
  StartThreadIfNeeded();
  return Ok();
}

void Workers::Stop() {
  std::vector<std::jthread> threads;
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
    threads.swap(threads_);
  }
  changed_.NotifyAll();
}

void Workers::ChangeRunning(int change) {
  MutexLock lock(mutex_);
  running_count_ += change;
  if (change > 0 || queue_.empty()) return;
  StartThreadIfNeeded();
  changed_.NotifyOne();
}

bool Workers::MayTakeTask() const { return running_count_ < running_max_; }

void Workers::StartThreadIfNeeded() {
  if (queue_.size() > idle_count_ && MayTakeTask() && !is_stopping_) {
    threads_.emplace_back([this] { Work(); });
    // Idle from now on, or the next task would start a thread for the same room.
    ++idle_count_;
  }
}

Workers::Task Workers::Take() {
  MutexLock lock(mutex_);
  while (queue_.empty() || !MayTakeTask()) {
    if (queue_.empty() && is_stopping_) return nullptr;
    changed_.Wait(mutex_);
  }
  Task task = std::move(queue_.front());
  queue_.pop_front();
  --idle_count_;
  ++running_count_;
  return task;
}

void Workers::EndTask() {
  MutexLock lock(mutex_);
  --running_count_;
  ++idle_count_;
  // The others wait for the queue to be empty.
  if (is_stopping_) changed_.NotifyAll();
}

void Workers::Work() {
  while (Task task = Take()) {
    task();
    task = nullptr;
    EndTask();
  }
}

}  // namespace narthex::http
