// The loops over samples that decide the speed of decoding, once for each kind of processor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace narthex::chunk {

// Packed integers, and the memory they stand in.
struct PackedRun {
  const unsigned char* bytes = nullptr;
  // Bytes from `bytes` on that may be read, at least PackedSize(count, width). More than that lets
  // a kernel load whole vectors to the end; it never reads behind them.
  std::size_t readable = 0;
  std::size_t count = 0;
  unsigned width = 0;
};

// The widest codes of the kernels that work in 32 bits: with 25 bits, a code at any bit of a byte
// is in four bytes.
inline constexpr unsigned kNarrowWidthMax = 25;
// The widest codes of DecodeCodes: eight of them sum up to less than 2^31.
inline constexpr unsigned kCodeWidthMax = 27;
// Changed values that Kernels::expand may read behind the last one it uses.
inline constexpr std::size_t kExpandSlack = 8;

// How codes become values: each is (offset + factor * s) / divisor, where s is the step itself or
// the sum of all steps so far, and a step is the code, zigzag or not, and `base`.
// Exact as long as offset + factor * s stays below 2^51, which writers see to.
struct Steps {
  bool is_zigzag = false;
  bool is_summed = false;
  std::int64_t base = 0;
  std::int64_t sum = 0;  // before the first step; kernels leave the sum of whole groups of 8 here
  double offset = 0;
  double factor = 1;
  double divisor = 1;
};

struct Kernels {
  // Codes of any width up to 64.
  void (*unpack)(const PackedRun& run, std::uint64_t* codes);
  // Codes of up to kNarrowWidthMax bits.
  void (*unpack_narrow)(const PackedRun& run, std::uint32_t* codes);
  // Packed codes of up to kNarrowWidthMax bits to values. A count that is no multiple of 8 ends the
  // column.
  void (*decode_packed)(const PackedRun& run, Steps& steps, double* values);
  // The same of codes, each increased by `bias`, below 2^kCodeWidthMax.
  void (*decode_codes)(std::span<const std::uint32_t> codes, std::uint32_t bias, Steps& steps,
                       double* values);
  // integer / divisor; integers below 2^51.
  void (*scale)(std::span<const std::int64_t> integers, double divisor, double* values);
  // values[i] += addends[i].
  void (*add)(std::span<const double> addends, double* values);
  // Moves each value by so many doubles, in the order of ToOrderedBits; integers below 2^51.
  void (*correct)(std::span<const double> corrections, double* values);
  void (*undo_zigzag)(std::span<std::int64_t> codes);
  void (*fill)(double value, std::span<double> values);
  // values[i] = changed[number of ones in bits 0 to i of `bitmap`]. `changed` has kExpandSlack more
  // than it has ones and the first.
  void (*expand)(const unsigned char* bitmap, const double* changed, std::span<double> values);
  // The same, but changed[0] where the bit is 0.
  void (*select)(const unsigned char* bitmap, const double* changed, std::span<double> values);
};

const Kernels& PortableKernels();
// Null where the processor or the build has no AVX2 and FMA.
const Kernels* Avx2Kernels();

// The fastest kernels of this machine, unless a test has chosen others.
const Kernels& CurrentKernels();
// For tests. Returns those in use before.
const Kernels& UseKernels(const Kernels& kernels);

}  // namespace narthex::chunk
