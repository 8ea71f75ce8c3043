#include "refused.h"

#include <array>
#include <atomic>
#include <cstddef>

namespace narthex::client {
namespace {

// Relaxed: counts of their own, read now and then.
std::array<std::atomic<std::uint64_t>, 3> counts{};

}  // namespace

void CountRefused(Refusal refusal) {
  counts[static_cast<std::size_t>(refusal)].fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t RefusedCount(Refusal refusal) {
  return counts[static_cast<std::size_t>(refusal)].load(std::memory_order_relaxed);
}

}  // namespace narthex::client
