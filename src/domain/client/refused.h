// What the library left out rather than fail, in the whole process.
#pragma once

#include <cstdint>

namespace narthex::client {

enum class Refusal {
  kIncrement,       // negative, or not a number
  kCollected,       // a collector's metric with malformed names
  kCollectorError,  // a collector threw
};

// Thread-safe.
void CountRefused(Refusal refusal);
std::uint64_t RefusedCount(Refusal refusal);

}  // namespace narthex::client
