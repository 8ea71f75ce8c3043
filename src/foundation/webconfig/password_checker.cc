#include "password_checker.h"

#include "bcrypt.h"

namespace narthex::webconfig {
namespace {

constexpr std::size_t kKeptPasswordSizeBytesMax = 1024;
// Compared with in the place of an unknown user's, so that time does not tell who exists.
constexpr std::string_view kNobodysSalt = "$2y$10$abcdefghijklmnopqrstuu";
constexpr std::size_t kDigestSize = 31;

}  // namespace

std::optional<bool> PasswordChecker::Check(const Users& users, const std::string& name,
                                           const std::string& password) {
  const auto user = users.find(name);
  const bool is_known = user != users.end();
  Question question(
      name, is_known ? user->second : std::string(kNobodysSalt).append(kDigestSize, '.'), password);
  if (const auto verdict = Find(question)) return verdict;
  if (waiting_count_.fetch_add(1, std::memory_order_relaxed) >= kWaitingCountMax) {
    waiting_count_.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  std::optional<bool> verdict;
  {
    MutexLock lock(work_mutex_);
    // Another request of the same client may have asked meanwhile.
    verdict = Find(question);
    if (!verdict) verdict = MatchesBcrypt(password, std::get<1>(question)) && is_known;
  }
  waiting_count_.fetch_sub(1, std::memory_order_relaxed);
  if (password.size() <= kKeptPasswordSizeBytesMax) Keep(std::move(question), *verdict);
  return verdict;
}

std::optional<bool> PasswordChecker::Find(const Question& question) {
  MutexLock lock(mutex_);
  const auto found = verdicts_.find(question);
  return found == verdicts_.end() ? std::nullopt : std::optional<bool>(found->second);
}

void PasswordChecker::Keep(Question question, bool verdict) {
  MutexLock lock(mutex_);
  if (verdicts_.size() >= kVerdictCountMax) {
    // Wrong guesses first: they must not drive out those who are let in.
    auto victim = verdicts_.begin();
    for (auto it = verdicts_.begin(); it != verdicts_.end() && victim->second; ++it) victim = it;
    verdicts_.erase(victim);
  }
  verdicts_.emplace(std::move(question), verdict);
}

}  // namespace narthex::webconfig
