#include "scheduler.h"

namespace narthex::scrape {

Scheduler::Scheduler(Clock& clock)
    : clock_(clock), thread_([this](std::stop_token stop) { Run(std::move(stop)); }) {}

Scheduler::~Scheduler() { Stop(); }

bool Scheduler::IsLater(const Entry& a, const Entry& b) {
  return std::pair(a.due, a.number) > std::pair(b.due, b.number);
}

void Scheduler::At(std::chrono::nanoseconds due, Task task) {
  std::stop_source wake(std::nostopstate);
  {
    MutexLock lock(mutex_);
    if (is_stopped_) return;
    const std::uint64_t number = next_number_++;
    heap_.push_back({due, number, std::move(task)});
    std::push_heap(heap_.begin(), heap_.end(), IsLater);
    if (heap_.front().number != number) return;
    wake = wake_;
  }
  // Outside of the lock: the wait's callback runs right here.
  wake.request_stop();
}

void Scheduler::Stop() {
  {
    MutexLock lock(mutex_);
    is_stopped_ = true;
    heap_.clear();
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::optional<Scheduler::Task> Scheduler::TakeDue() {
  MutexLock lock(mutex_);
  if (heap_.empty() || heap_.front().due > clock_.Monotonic()) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), IsLater);
  Task task = std::move(heap_.back().task);
  heap_.pop_back();
  return task;
}

void Scheduler::Run(std::stop_token stop) {
  constexpr std::chrono::nanoseconds kIdle = std::chrono::hours(1);
  while (!stop.stop_requested()) {
    std::stop_source wake;
    std::chrono::nanoseconds due = clock_.Monotonic() + kIdle;
    {
      MutexLock lock(mutex_);
      wake_ = wake;
      if (!heap_.empty()) due = heap_.front().due;
    }
    {
      const std::stop_callback on_stop(stop, [&wake] { wake.request_stop(); });
      clock_.WaitUntil(due, wake.get_token());
    }
    while (!stop.stop_requested()) {
      std::optional<Task> task = TakeDue();
      if (!task) break;
      (*task)();
    }
  }
}

}  // namespace narthex::scrape
