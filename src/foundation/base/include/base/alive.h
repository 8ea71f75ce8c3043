// Long work that asks now and then whether anybody still waits for its result.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "base/result.h"

namespace narthex {

// Fails once the work is in vain; the error says why and is passed up as it is. Empty: it never is.
using AliveCheck = std::function<Status()>;

// Asks once for so many units of work. Not thread-safe.
class AliveMeter {
 public:
  // `check` is copied. `units_per_question` > 0: as many as take about a millisecond.
  AliveMeter(AliveCheck check, std::size_t units_per_question)
      : check_(std::move(check)), units_per_question_(units_per_question) {}

  // Before so many units are worked on. False once the work is in vain: status() says why, and it
  // stays so.
  bool MayGoOn(std::size_t unit_count = 1) {
    unasked_count_ += unit_count;
    if (unasked_count_ < units_per_question_) return status_.ok();
    unasked_count_ = 0;
    if (status_.ok() && check_) status_ = check_();
    return status_.ok();
  }

  const Status& status() const { return status_; }

 private:
  const AliveCheck check_;
  const std::size_t units_per_question_;
  std::size_t unasked_count_ = 0;
  Status status_ = Ok();
};

}  // namespace narthex
