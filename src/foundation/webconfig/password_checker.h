// Who may sign in, at a bounded cost.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "base/mutex.h"

namespace narthex::webconfig {

// Thread-safe. Remembers verdicts, so that only the first request of a client pays for bcrypt.
class PasswordChecker {
 public:
  // Memory: passwords of up to 1 KiB are kept for it.
  static constexpr std::size_t kVerdictCountMax = 100;
  // Requests that wait for a verdict at once: each holds a worker.
  static constexpr int kWaitingCountMax = 8;

  using Users = std::map<std::string, std::string, std::less<>>;

  // Whether `users` has that name with that password; empty if too many wait already. Blocks.
  std::optional<bool> Check(const Users& users, const std::string& name,
                            const std::string& password);

 private:
  // Name, hash, password: a changed hash is another question.
  using Question = std::tuple<std::string, std::string, std::string>;

  std::optional<bool> Find(const Question& question) EXCLUDES(mutex_);
  void Keep(Question question, bool verdict) EXCLUDES(mutex_);

  // Relaxed order suffices: the number alone decides.
  std::atomic<int> waiting_count_{0};
  // One bcrypt at a time: guessing passwords must not take all processors.
  Mutex work_mutex_;

  Mutex mutex_;
  std::map<Question, bool> verdicts_ GUARDED_BY(mutex_);
};

}  // namespace narthex::webconfig
