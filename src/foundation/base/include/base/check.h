// Checks of what must hold in a correct program; never for input.
#pragma once

namespace narthex {

// Writes where and why to the standard error and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, const char* why);

}  // namespace narthex

// On in every build.
#define NARTHEX_CHECK(condition, why)                              \
  do {                                                             \
    if (!(condition)) [[unlikely]]                                 \
      ::narthex::CheckFailed(__FILE__, __LINE__, #condition, why); \
  } while (false)

// For hot loops: off where NDEBUG is set.
#ifdef NDEBUG
#define NARTHEX_DCHECK(condition, why) \
  do {                                 \
  } while (false)
#else
#define NARTHEX_DCHECK(condition, why) NARTHEX_CHECK(condition, why)
#endif
