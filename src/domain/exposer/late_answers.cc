#include "late_answers.h"

namespace narthex::exposer {

std::optional<http::Response> LateAnswers::Await(Task task, std::chrono::milliseconds timeout) {
  auto job = std::make_shared<Job>();
  std::jthread thread([job, task = std::move(task)] {
    http::Response answer = task();
    MutexLock lock(job->mutex);
    job->answer = std::move(answer);
    job->is_done = true;
    job->changed.NotifyAll();
  });
  Keep({job, std::move(thread)});

  const auto deadline = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(job->mutex);
  while (!job->is_done) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds(0)) break;
    job->changed.WaitFor(job->mutex, left);
  }
  return std::move(job->answer);
}

void LateAnswers::Keep(Running running) {
  std::vector<Running> ended;  // joined after the lock is given back
  MutexLock lock(mutex_);
  for (std::size_t i = 0; i < running_.size();) {
    bool is_done = false;
    {
      MutexLock job_lock(running_[i].job->mutex);
      is_done = running_[i].job->is_done;
    }
    if (!is_done) {
      ++i;
      continue;
    }
    ended.push_back(std::move(running_[i]));
    if (i + 1 < running_.size()) running_[i] = std::move(running_.back());
    running_.pop_back();
  }
  running_.push_back(std::move(running));
}

}  // namespace narthex::exposer
