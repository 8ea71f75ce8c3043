#include "crew.h"

#include <utility>

namespace narthex::engine {

Crew::~Crew() {
  std::vector<std::jthread> threads;
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
    threads.swap(threads_);
  }
  changed_.NotifyAll();
}

bool Crew::Ask(Work work) {
  MutexLock lock(mutex_);
  if (is_stopping_) return false;
  if (idle_count_ == 0) {
    if (threads_.size() == thread_count_max_) return false;
    threads_.emplace_back([this] { Run(); });
    ++idle_count_;
  }
  --idle_count_;
  queue_.push_back(std::move(work));
  changed_.NotifyOne();
  return true;
}

void Crew::Run() {
  while (true) {
    Work work;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !is_stopping_) changed_.Wait(mutex_);
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
    work = nullptr;
    MutexLock lock(mutex_);
    ++idle_count_;
  }
}

}  // namespace narthex::engine
