// Loops that the compiler turns into vectors by itself, for whatever processor the function that
// they are inlined into is compiled for. The loops are always inlined: a copy of their own would be
// compiled once, and the linker could take that of a kernel for all.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "decimal.h"

namespace narthex::chunk {

#define NARTHEX_ALWAYS_INLINE __attribute__((always_inline)) inline

NARTHEX_ALWAYS_INLINE void AddLoop(std::span<const double> addends, double* values) {
  for (std::size_t i = 0; i < addends.size(); ++i) values[i] += addends[i];
}

NARTHEX_ALWAYS_INLINE void CorrectLoop(std::span<const double> corrections, double* values) {
  // The bits of 2^52 + 2^51 + an integer end in the integer; other doubles, from damaged bytes,
  // give anything, which must stay defined.
  constexpr double kMagic = 0x1.8p52;
  for (std::size_t i = 0; i < corrections.size(); ++i) {
    const std::uint64_t correction = std::bit_cast<std::uint64_t>(corrections[i] + kMagic) -
                                     std::bit_cast<std::uint64_t>(kMagic);
    // The sign is spread by subtraction: AVX2 has no arithmetic shift of 64 bits.
    const auto bits = std::bit_cast<std::uint64_t>(values[i]);
    const std::uint64_t ordered = (bits ^ ((0 - (bits >> 63)) >> 1)) + correction;
    values[i] = std::bit_cast<double>(ordered ^ ((0 - (ordered >> 63)) >> 1));
  }
}

NARTHEX_ALWAYS_INLINE void UndoZigZagLoop(std::span<std::int64_t> codes) {
  for (std::int64_t& code : codes) code = UnZigZag(static_cast<std::uint64_t>(code));
}

NARTHEX_ALWAYS_INLINE void FillLoop(double value, std::span<double> values) {
  for (double& v : values) v = value;
}

#undef NARTHEX_ALWAYS_INLINE

}  // namespace narthex::chunk
