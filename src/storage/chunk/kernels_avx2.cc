// Kernels for x86-64 with AVX2 and FMA. Only the functions marked NARTHEX_AVX2 use these
// instructions, and only after the processor has been asked: nothing else of the program may.
#include "kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "bits.h"
#include "simple_loops.h"

#define NARTHEX_AVX2 __attribute__((target("avx2,fma,bmi2,popcnt")))
#define NARTHEX_AVX2_INLINE __attribute__((target("avx2,fma,bmi2,popcnt"), always_inline)) inline

namespace narthex::chunk {
namespace {

constexpr std::size_t kGroupLength = 8;
// Added to an integer below 2^51 in absolute value, it makes the bits of the double 2^52 + 2^51 +
// the integer: conversion without an instruction that AVX2 does not have.
constexpr double kMagic = 0x1.8p52;

// How to bring eight codes of one width into eight lanes of 32 bits: the first four are shuffled
// from the 16 bytes at the group's start, the others from those at `second`.
struct NarrowLayout {
  alignas(32) std::array<std::uint8_t, 32> shuffle{};
  alignas(32) std::array<std::uint32_t, 8> shift{};
  std::size_t second = 0;
};

constexpr NarrowLayout MakeNarrowLayout(unsigned width) {
  NarrowLayout layout;
  layout.second = 4 * width / 8;
  for (unsigned lane = 0; lane < 8; ++lane) {
    const unsigned from = lane < 4 ? 0 : static_cast<unsigned>(layout.second) * 8;
    const unsigned bit = lane * width - from;
    layout.shift[lane] = bit & 7;
    for (unsigned byte = 0; byte < 4; ++byte) {
      const unsigned source = bit / 8 + byte;
      layout.shuffle[lane * 4 + byte] = static_cast<std::uint8_t>(source < 16 ? source : 0x80);
    }
  }
  return layout;
}

// The same for four codes in four lanes of 64 bits that begin at bit `phase` of their first byte.
struct WideLayout {
  alignas(32) std::array<std::uint8_t, 32> shuffle{};
  alignas(32) std::array<std::uint64_t, 4> shift{};
  std::size_t second = 0;
};

constexpr WideLayout MakeWideLayout(unsigned width, unsigned phase) {
  WideLayout layout;
  layout.second = (phase + 2 * width) / 8;
  for (unsigned lane = 0; lane < 4; ++lane) {
    const unsigned from = lane < 2 ? 0 : static_cast<unsigned>(layout.second) * 8;
    const unsigned bit = phase + lane * width - from;
    layout.shift[lane] = bit & 7;
    for (unsigned byte = 0; byte < 8; ++byte) {
      const unsigned source = bit / 8 + byte;
      layout.shuffle[lane * 8 + byte] = static_cast<std::uint8_t>(source < 16 ? source : 0x80);
    }
  }
  return layout;
}

// With 57 bits, a code at any bit of a byte is in eight bytes.
constexpr unsigned kWideWidthMax = 57;

constexpr auto kNarrowLayouts = [] {
  std::array<NarrowLayout, kNarrowWidthMax + 1> layouts;
  for (unsigned width = 0; width <= kNarrowWidthMax; ++width) {
    layouts[width] = MakeNarrowLayout(width);
  }
  return layouts;
}();

// [width][0 or 1]: the codes 0 to 3 and 4 to 7 of a group.
constexpr auto kWideLayouts = [] {
  std::array<std::array<WideLayout, 2>, kWideWidthMax + 1> layouts;
  for (unsigned width = 0; width <= kWideWidthMax; ++width) {
    layouts[width] = {MakeWideLayout(width, 0), MakeWideLayout(width, 4 * width % 8)};
  }
  return layouts;
}();

// A run cut in two: groups that can be loaded where they are, and the rest, copied to where reading
// on is allowed.
template <std::size_t kReach>  // bytes that loading a group reads from its start on
class Groups {
 public:
  explicit Groups(const PackedRun& run)
      : bytes_(run.bytes),
        width_(run.width),
        direct_count_(0),
        group_count_((run.count + kGroupLength - 1) / kGroupLength) {
    if (run.width == 0) {
      // All groups are the same zeros, the last one apart if it is not whole.
      rest_.fill(0);
      bytes_ = rest_.data();
      direct_count_ = run.count / kGroupLength;
      return;
    }
    if (run.readable >= kReach) {
      direct_count_ = std::min(run.count / kGroupLength, (run.readable - kReach) / run.width + 1);
    }
    if (direct_count_ == group_count_) return;
    rest_.fill(0);
    // Less than a group's reach is left, or else the last group would have been direct.
    const std::size_t from = direct_count_ * run.width;
    std::memcpy(rest_.data(), run.bytes + from, PackedSize(run.count, run.width) - from);
  }

  std::size_t direct_count() const { return direct_count_; }
  std::size_t group_count() const { return group_count_; }
  const unsigned char* direct(std::size_t group) const { return bytes_ + group * width_; }
  const unsigned char* rest(std::size_t group) const {
    return rest_.data() + (group - direct_count_) * width_;
  }

 private:
  const unsigned char* bytes_;
  unsigned width_;
  std::size_t direct_count_;
  std::size_t group_count_;
  std::array<unsigned char, 2 * kReach> rest_;
};

// The second half of a group begins 12 bytes behind its start at most.
constexpr std::size_t kNarrowReach = 28;
// Codes 4 to 7 begin 28 bytes behind, their second half 14 more.
constexpr std::size_t kWideReach = 58;

struct Narrow {
  __m256i shuffle;
  __m256i shift;
  __m256i mask;
  std::size_t second;
};

NARTHEX_AVX2_INLINE __m256i LoadInteger(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

NARTHEX_AVX2_INLINE __m256i LoadHalves(const unsigned char* first, const unsigned char* second) {
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(first));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(second));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

NARTHEX_AVX2_INLINE Narrow NarrowOf(unsigned width) {
  const NarrowLayout& layout = kNarrowLayouts[width];
  return {LoadInteger(layout.shuffle.data()), LoadInteger(layout.shift.data()),
          _mm256_set1_epi32(static_cast<int>(LowBits(width))), layout.second};
}

NARTHEX_AVX2_INLINE __m256i LoadGroup(const unsigned char* group, const Narrow& narrow) {
  const __m256i bytes =
      _mm256_shuffle_epi8(LoadHalves(group, group + narrow.second), narrow.shuffle);
  return _mm256_and_si256(_mm256_srlv_epi32(bytes, narrow.shift), narrow.mask);
}

NARTHEX_AVX2 void UnpackNarrow(const PackedRun& run, std::uint32_t* codes) {
  const Narrow narrow = NarrowOf(run.width);
  const Groups<kNarrowReach> groups(run);
  std::size_t group = 0;
  for (; group < groups.direct_count(); ++group) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + group * kGroupLength),
                        LoadGroup(groups.direct(group), narrow));
  }
  for (; group < groups.group_count(); ++group) {
    alignas(32) std::array<std::uint32_t, kGroupLength> out;
    _mm256_store_si256(reinterpret_cast<__m256i*>(out.data()),
                       LoadGroup(groups.rest(group), narrow));
    const std::size_t from = group * kGroupLength;
    std::memcpy(codes + from, out.data(),
                std::min(kGroupLength, run.count - from) * sizeof(out[0]));
  }
}

struct Wide {
  __m256i shuffle;
  __m256i shift;
  std::size_t first;
  std::size_t second;
};

NARTHEX_AVX2_INLINE Wide WideOf(unsigned width, unsigned half) {
  const WideLayout& layout = kWideLayouts[width][half];
  const std::size_t first = half * width / 2;
  return {LoadInteger(layout.shuffle.data()), LoadInteger(layout.shift.data()), first,
          first + layout.second};
}

NARTHEX_AVX2_INLINE void UnpackGroup(const unsigned char* group, const std::array<Wide, 2>& halves,
                                     __m256i mask, std::uint64_t* codes) {
  for (std::size_t half = 0; half < 2; ++half) {
    const Wide& wide = halves[half];
    const __m256i bytes =
        _mm256_shuffle_epi8(LoadHalves(group + wide.first, group + wide.second), wide.shuffle);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + half * 4),
                        _mm256_and_si256(_mm256_srlv_epi64(bytes, wide.shift), mask));
  }
}

NARTHEX_AVX2 void Unpack(const PackedRun& run, std::uint64_t* codes) {
  if (run.width > kWideWidthMax) return PortableKernels().unpack(run, codes);
  const std::array<Wide, 2> halves = {WideOf(run.width, 0), WideOf(run.width, 1)};
  const __m256i mask = _mm256_set1_epi64x(static_cast<long long>(LowBits(run.width)));
  const Groups<kWideReach> groups(run);
  std::size_t group = 0;
  for (; group < groups.direct_count(); ++group) {
    UnpackGroup(groups.direct(group), halves, mask, codes + group * kGroupLength);
  }
  for (; group < groups.group_count(); ++group) {
    std::array<std::uint64_t, kGroupLength> out;
    UnpackGroup(groups.rest(group), halves, mask, out.data());
    const std::size_t from = group * kGroupLength;
    std::memcpy(codes + from, out.data(),
                std::min(kGroupLength, run.count - from) * sizeof(out[0]));
  }
}

// q = a * (1/b) and one correction by the remainder, which fused multiply-add gives exactly: the
// correctly rounded quotient for every integer a below 2^51 and b a power of ten up to 10^15.
// Why: |q - a/b| is below 1.3 units in the last place, so the remainder is exact, and the corrected
// quotient before its rounding is within 2^-105 of a/b, relatively; but no a/b comes nearer than
// 2^-104 to the middle of two doubles, since |a/b - m/2^t| is at least 1/(b * 2^t), m having 54
// bits and b being below 2^50.
NARTHEX_AVX2_INLINE __m256d Divide(__m256d a, __m256d b, __m256d reciprocal) {
  const __m256d quotient = _mm256_mul_pd(a, reciprocal);
  const __m256d remainder = _mm256_fnmadd_pd(quotient, b, a);
  return _mm256_fmadd_pd(remainder, reciprocal, quotient);
}

// Turns groups of eight codes into values.
template <bool kIsZigZag, bool kIsSummed, bool kDivides>
struct Emitter {
  __m256i carry;       // the sum so far and the magic number, four times
  __m256i low_bases;   // base, times 1 to 4
  __m256i high_bases;  // times 5 to 8
  __m256i group_base;  // times 8
  __m256d offset;
  __m256d factor;
  __m256d divisor;
  __m256d reciprocal;

  NARTHEX_AVX2_INLINE explicit Emitter(const Steps& steps) {
    const auto base = static_cast<std::uint64_t>(steps.base);
    const auto times = [base](std::uint64_t n) { return static_cast<long long>(base * n); };
    carry = _mm256_add_epi64(_mm256_set1_epi64x(steps.sum),
                             _mm256_castpd_si256(_mm256_set1_pd(kMagic)));
    low_bases = _mm256_set_epi64x(times(4), times(3), times(2), times(1));
    high_bases = _mm256_set_epi64x(times(8), times(7), times(6), times(5));
    group_base = _mm256_set1_epi64x(times(8));
    // Without sums the base is the same for all: it goes into the offset.
    offset = _mm256_set1_pd(
        kIsSummed ? steps.offset : steps.offset + steps.factor * static_cast<double>(steps.base));
    factor = _mm256_set1_pd(steps.factor);
    divisor = _mm256_set1_pd(steps.divisor);
    reciprocal = _mm256_set1_pd(1.0 / steps.divisor);
  }

  NARTHEX_AVX2_INLINE void Finish(__m256d low, __m256d high, double* values) const {
    low = _mm256_fmadd_pd(low, factor, offset);
    high = _mm256_fmadd_pd(high, factor, offset);
    if constexpr (kDivides) {
      low = Divide(low, divisor, reciprocal);
      high = Divide(high, divisor, reciprocal);
    }
    _mm256_storeu_pd(values, low);
    _mm256_storeu_pd(values + 4, high);
  }

  NARTHEX_AVX2_INLINE void Emit(__m256i codes, double* values) {
    __m256i steps = codes;
    if constexpr (kIsZigZag) {
      const __m256i sign =
          _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_and_si256(codes, _mm256_set1_epi32(1)));
      steps = _mm256_xor_si256(_mm256_srli_epi32(codes, 1), sign);
    }
    if constexpr (!kIsSummed) {
      Finish(_mm256_cvtepi32_pd(_mm256_castsi256_si128(steps)),
             _mm256_cvtepi32_pd(_mm256_extracti128_si256(steps, 1)), values);
      return;
    }
    // Sums within each half, then the sum of the first half on all of the second.
    steps = _mm256_add_epi32(steps, _mm256_slli_si256(steps, 4));
    steps = _mm256_add_epi32(steps, _mm256_slli_si256(steps, 8));
    const __m256i first_half = _mm256_permutevar8x32_epi32(steps, _mm256_set1_epi32(3));
    steps = _mm256_add_epi32(steps, _mm256_blend_epi32(_mm256_setzero_si256(), first_half, 0xf0));

    __m256i low = _mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(steps)), carry);
    __m256i high =
        _mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_extracti128_si256(steps, 1)), carry);
    const __m256i all = _mm256_permutevar8x32_epi32(steps, _mm256_set1_epi32(7));
    carry = _mm256_add_epi64(carry, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(all)));
    if constexpr (!kIsZigZag) {
      low = _mm256_add_epi64(low, low_bases);
      high = _mm256_add_epi64(high, high_bases);
      carry = _mm256_add_epi64(carry, group_base);
    }
    const __m256d magic = _mm256_set1_pd(kMagic);
    Finish(_mm256_sub_pd(_mm256_castsi256_pd(low), magic),
           _mm256_sub_pd(_mm256_castsi256_pd(high), magic), values);
  }

  NARTHEX_AVX2_INLINE std::int64_t sum() const {
    const __m256i magic = _mm256_castpd_si256(_mm256_set1_pd(kMagic));
    return _mm256_extract_epi64(_mm256_sub_epi64(carry, magic), 0);
  }
};

template <bool kIsZigZag, bool kIsSummed, bool kDivides>
NARTHEX_AVX2 void DecodeRun(const PackedRun& run, Steps& steps, double* values) {
  const Narrow narrow = NarrowOf(run.width);
  Emitter<kIsZigZag, kIsSummed, kDivides> emitter(steps);
  const Groups<kNarrowReach> groups(run);
  std::size_t group = 0;
  for (; group < groups.direct_count(); ++group) {
    emitter.Emit(LoadGroup(groups.direct(group), narrow), values + group * kGroupLength);
  }
  for (; group < groups.group_count(); ++group) {
    std::array<double, kGroupLength> out;
    emitter.Emit(LoadGroup(groups.rest(group), narrow), out.data());
    const std::size_t from = group * kGroupLength;
    std::memcpy(values + from, out.data(),
                std::min(kGroupLength, run.count - from) * sizeof(out[0]));
  }
  steps.sum = emitter.sum();
}

template <bool kIsZigZag, bool kIsSummed, bool kDivides>
NARTHEX_AVX2 void DecodeArray(std::span<const std::uint32_t> codes, std::uint32_t bias,
                              Steps& steps, double* values) {
  Emitter<kIsZigZag, kIsSummed, kDivides> emitter(steps);
  const __m256i biases = _mm256_set1_epi32(static_cast<int>(bias));
  std::size_t i = 0;
  for (; i + kGroupLength <= codes.size(); i += kGroupLength) {
    emitter.Emit(_mm256_add_epi32(LoadInteger(codes.data() + i), biases), values + i);
  }
  if (i < codes.size()) {
    std::array<std::uint32_t, kGroupLength> rest{};
    std::array<double, kGroupLength> out;
    std::memcpy(rest.data(), codes.data() + i, (codes.size() - i) * sizeof(rest[0]));
    emitter.Emit(_mm256_add_epi32(LoadInteger(rest.data()), biases), out.data());
    std::memcpy(values + i, out.data(), (codes.size() - i) * sizeof(out[0]));
  }
  steps.sum = emitter.sum();
}

unsigned VariantOf(const Steps& steps) {
  return (steps.is_zigzag ? 4u : 0u) | (steps.is_summed ? 2u : 0u) |
         (steps.divisor != 1.0 ? 1u : 0u);
}

void DecodePacked(const PackedRun& run, Steps& steps, double* values) {
  static constexpr std::array<void (*)(const PackedRun&, Steps&, double*), 8> kVariants = {
      DecodeRun<false, false, false>, DecodeRun<false, false, true>, DecodeRun<false, true, false>,
      DecodeRun<false, true, true>,   DecodeRun<true, false, false>, DecodeRun<true, false, true>,
      DecodeRun<true, true, false>,   DecodeRun<true, true, true>};
  kVariants[VariantOf(steps)](run, steps, values);
}

void DecodeCodes(std::span<const std::uint32_t> codes, std::uint32_t bias, Steps& steps,
                 double* values) {
  static constexpr std::array<
      void (*)(std::span<const std::uint32_t>, std::uint32_t, Steps&, double*), 8>
      kVariants = {DecodeArray<false, false, false>, DecodeArray<false, false, true>,
                   DecodeArray<false, true, false>,  DecodeArray<false, true, true>,
                   DecodeArray<true, false, false>,  DecodeArray<true, false, true>,
                   DecodeArray<true, true, false>,   DecodeArray<true, true, true>};
  kVariants[VariantOf(steps)](codes, bias, steps, values);
}

NARTHEX_AVX2 void Scale(std::span<const std::int64_t> integers, double divisor, double* values) {
  const __m256d magic = _mm256_set1_pd(kMagic);
  const __m256d divisors = _mm256_set1_pd(divisor);
  const __m256d reciprocal = _mm256_set1_pd(1.0 / divisor);
  std::size_t i = 0;
  for (; i + 4 <= integers.size(); i += 4) {
    const __m256i x =
        _mm256_add_epi64(LoadInteger(integers.data() + i), _mm256_castpd_si256(magic));
    const __m256d converted = _mm256_sub_pd(_mm256_castsi256_pd(x), magic);
    _mm256_storeu_pd(values + i, Divide(converted, divisors, reciprocal));
  }
  for (; i < integers.size(); ++i) values[i] = static_cast<double>(integers[i]) / divisor;
}

// [bits 1 to 3 of a nibble]: which of four changed values, from the one of bit 0 on, each of the
// four samples has, as the pairs of 32-bit lanes that _mm256_permutevar8x32_epi32 takes.
constexpr auto kExpansions = [] {
  std::array<std::array<std::uint32_t, 8>, 8> expansions{};
  for (std::uint32_t bits = 0; bits < 8; ++bits) {
    std::uint32_t change = 0;
    for (std::uint32_t sample = 0; sample < 4; ++sample) {
      if (sample > 0) change += (bits >> (sample - 1)) & 1;
      expansions[bits][2 * sample] = 2 * change;
      expansions[bits][2 * sample + 1] = 2 * change + 1;
    }
  }
  return expansions;
}();

NARTHEX_AVX2_INLINE __m256d ExpandNibble(unsigned bits, const double* changed) {
  const __m256i from = _mm256_castpd_si256(_mm256_loadu_pd(changed + (bits & 1)));
  const __m256i which = LoadInteger(kExpansions[bits >> 1].data());
  return _mm256_castsi256_pd(_mm256_permutevar8x32_epi32(from, which));
}

NARTHEX_AVX2 void Expand(const unsigned char* bitmap, const double* changed,
                         std::span<double> values) {
  std::size_t i = 0;
  for (; i + 8 <= values.size(); i += 8) {
    const unsigned bits = bitmap[i / 8];
    // From the byte, not from the first nibble's end: a shorter chain from byte to byte.
    const double* const middle = changed + _mm_popcnt_u32(bits & 15);
    _mm256_storeu_pd(values.data() + i, ExpandNibble(bits & 15, changed));
    _mm256_storeu_pd(values.data() + i + 4, ExpandNibble(bits >> 4, middle));
    changed += _mm_popcnt_u32(bits);
  }
  for (; i < values.size(); ++i) {
    changed += (bitmap[i / 8] >> (i & 7)) & 1;
    values[i] = *changed;
  }
}

// Where the bits of a nibble are 1: all ones in the lane of the sample.
NARTHEX_AVX2_INLINE __m256d MaskOf(unsigned bits) {
  const __m256i lane_bits = _mm256_set_epi64x(8, 4, 2, 1);
  const __m256i set = _mm256_and_si256(_mm256_set1_epi64x(static_cast<long long>(bits)), lane_bits);
  return _mm256_castsi256_pd(_mm256_cmpeq_epi64(set, lane_bits));
}

NARTHEX_AVX2 void Select(const unsigned char* bitmap, const double* changed,
                         std::span<double> values) {
  const double unchanged = changed[0];
  const __m256d unchanged_lanes = _mm256_set1_pd(unchanged);
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    const unsigned bits = (bitmap[i / 8] >> (i & 7)) & 15;
    _mm256_storeu_pd(values.data() + i,
                     _mm256_blendv_pd(unchanged_lanes, ExpandNibble(bits, changed), MaskOf(bits)));
    changed += _mm_popcnt_u32(bits);
  }
  for (; i < values.size(); ++i) {
    const bool is_set = ((bitmap[i / 8] >> (i & 7)) & 1) != 0;
    changed += is_set ? 1 : 0;
    values[i] = is_set ? *changed : unchanged;
  }
}

NARTHEX_AVX2 void Add(std::span<const double> addends, double* values) { AddLoop(addends, values); }
NARTHEX_AVX2 void Correct(std::span<const double> corrections, double* values) {
  CorrectLoop(corrections, values);
}
NARTHEX_AVX2 void UndoZigZag(std::span<std::int64_t> codes) { UndoZigZagLoop(codes); }
NARTHEX_AVX2 void Fill(double value, std::span<double> values) { FillLoop(value, values); }

constexpr Kernels kAvx2 = {.unpack = Unpack,
                           .unpack_narrow = UnpackNarrow,
                           .decode_packed = DecodePacked,
                           .decode_codes = DecodeCodes,
                           .scale = Scale,
                           .add = Add,
                           .correct = Correct,
                           .undo_zigzag = UndoZigZag,
                           .fill = Fill,
                           .expand = Expand,
                           .select = Select};

}  // namespace

const Kernels* Avx2Kernels() {
  __builtin_cpu_init();
  const bool has_all = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  return has_all ? &kAvx2 : nullptr;
}

}  // namespace narthex::chunk

#else

namespace narthex::chunk {

const Kernels* Avx2Kernels() { return nullptr; }

}  // namespace narthex::chunk

#endif
