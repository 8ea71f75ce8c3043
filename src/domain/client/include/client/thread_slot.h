// Small numbers for threads.
#pragma once

#include <cstdint>

namespace narthex::client {

// A number that no other living thread has, or kNoThreadSlot where more threads live than there are
// numbers. A number is given back when its thread ends; giving and taking are ordered by a lock.
inline constexpr std::uint32_t kThreadSlotCount = 64;
inline constexpr std::uint32_t kNoThreadSlot = kThreadSlotCount;

inline constexpr std::uint32_t kThreadSlotNotAsked = kThreadSlotCount + 1;
// Trivially destructible, so that metrics may still be written by other destructors of an ending
// thread. `constinit`: read without a check whether it is initialised.
extern constinit thread_local std::uint32_t slot_of_thread;
std::uint32_t TakeThreadSlot();

inline std::uint32_t ThreadSlot() {
  const std::uint32_t slot = slot_of_thread;
  return slot != kThreadSlotNotAsked ? slot : TakeThreadSlot();
}

// How something may be written that threads share.
enum class Writers {
  kOne,   // the calling thread alone: a load, an addition and a store do
  kMany,  // an atomic addition is needed
};

}  // namespace narthex::client
