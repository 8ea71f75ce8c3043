// How long computations over one series notice that their query has ended.
#pragma once

#include <cstddef>

#include "context.h"

namespace narthex::engine {

// Asks every so many samples whether the query goes on. Not thread-safe.
class WorkMeter {
 public:
  // `context` must outlive it.
  explicit WorkMeter(Context& context) : context_(context) {}

  // Before so many samples are looked at. False once the query is canceled or its time is over: the
  // result is for nobody then, status() says why, and it stays so.
  bool MayGoOn(std::size_t sample_count) {
    unasked_count_ += sample_count;
    if (unasked_count_ < kSamplesPerQuestion) return status_.ok();
    unasked_count_ = 0;
    if (status_.ok()) status_ = context_.CheckAlive();
    return status_.ok();
  }

  const Status& status() const { return status_; }

 private:
  // The slowest functions take some 20 ns for each: a millisecond or two.
  static constexpr std::size_t kSamplesPerQuestion = std::size_t{64} << 10;

  Context& context_;
  std::size_t unasked_count_ = 0;
  Status status_ = Ok();
};

}  // namespace narthex::engine
