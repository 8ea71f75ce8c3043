#include "allocator.h"

#include <malloc.h>

#include <algorithm>
#include <thread>

namespace narthex::apps {
namespace {

// What a query frees is mostly what the next one asks for: a page that was given back costs a
// fault.
constexpr int kKeptBytes = 16 << 20;
// Larger pieces are mapped and unmapped alone.
constexpr int kMappedAloneBytes = 4 << 20;
constexpr unsigned kArenaCountMax = 16;

}  // namespace

void TuneAllocator() {
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  mallopt(M_MMAP_THRESHOLD, kMappedAloneBytes);
  // Freed pieces join their neighbours at once. Else glibc lets them lie and joins all at some
  // later time: a third of a second after a query that held a million small ones, which no stop
  // interrupts.
  mallopt(M_MXFAST, 0);
  // Eight for each processor would each keep what they once had.
  mallopt(M_ARENA_MAX,
          static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2U, kArenaCountMax)));
}

}  // namespace narthex::apps
