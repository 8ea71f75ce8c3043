// How long computations over one series notice that their query has ended.
#pragma once

#include <cstddef>
#include <deque>

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

// What it costs to free a row or what is kept of one, in samples of a meter.
constexpr std::size_t kFreeingCost = 64;

// Frees what a stream held of many series once it is at its end, for whoever reads it may drop it
// while the query goes on: one by one, and asking. What is left after an error is freed when the
// query has left its place.
template <typename T>
Status FreeWhileAlive(std::deque<T>& elements, WorkMeter& meter) {
  while (!elements.empty()) {
    if (!meter.MayGoOn(kFreeingCost)) return meter.status();
    elements.pop_back();
  }
  return Ok();
}

}  // namespace narthex::engine
