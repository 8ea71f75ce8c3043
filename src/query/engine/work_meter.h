// How long computations over one series notice that their query has ended.
#pragma once

#include <cstddef>

#include "base/alive.h"
#include "context.h"

namespace narthex::engine {

// Asks every so many samples whether the query goes on. Not thread-safe.
class WorkMeter : public AliveMeter {
 public:
  explicit WorkMeter(const Context& context)
      : AliveMeter(context.alive_check(), kSamplesPerQuestion) {}

 private:
  // The slowest functions take some 20 ns for each: a millisecond or two.
  static constexpr std::size_t kSamplesPerQuestion = std::size_t{64} << 10;
};

}  // namespace narthex::engine
