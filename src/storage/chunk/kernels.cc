#include "kernels.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "bits.h"
#include "decimal.h"
#include "simple_loops.h"

namespace narthex::chunk {
namespace {

// The code at `bit`, whose last byte is inside.
std::uint64_t CodeAt(const PackedRun& run, std::size_t bit) {
  const std::size_t byte = bit / 8;
  const unsigned shift = bit & 7;
  std::array<unsigned char, 9> near_end{};
  const unsigned char* from = run.bytes + byte;
  if (byte + near_end.size() > run.readable) {
    std::memcpy(near_end.data(), from, run.readable - byte);
    from = near_end.data();
  }
  std::uint64_t code = LoadLittleEndian64(from) >> shift;
  if (shift + run.width > 64) code |= std::uint64_t{from[8]} << (64 - shift);
  return code & LowBits(run.width);
}

void Unpack(const PackedRun& run, std::uint64_t* codes) {
  if (run.width == 0) {
    std::fill_n(codes, run.count, 0);
    return;
  }
  std::size_t bit = 0;
  for (std::size_t i = 0; i < run.count; ++i, bit += run.width) codes[i] = CodeAt(run, bit);
}

void UnpackNarrow(const PackedRun& run, std::uint32_t* codes) {
  if (run.width == 0) {
    std::fill_n(codes, run.count, 0);
    return;
  }
  std::size_t bit = 0;
  for (std::size_t i = 0; i < run.count; ++i, bit += run.width) {
    codes[i] = static_cast<std::uint32_t>(CodeAt(run, bit));
  }
}

// Sums in unsigned arithmetic: damaged bytes may overflow, which must stay defined.
double Step(std::uint64_t code, Steps& steps) {
  auto step = steps.is_zigzag ? static_cast<std::uint64_t>(UnZigZag(code)) : code;
  step += static_cast<std::uint64_t>(steps.base);
  if (steps.is_summed) {
    step += static_cast<std::uint64_t>(steps.sum);
    steps.sum = static_cast<std::int64_t>(step);
  }
  const auto s = static_cast<double>(static_cast<std::int64_t>(step));
  return (steps.offset + steps.factor * s) / steps.divisor;
}

void DecodePacked(const PackedRun& run, Steps& steps, double* values) {
  std::size_t bit = 0;
  for (std::size_t i = 0; i < run.count; ++i, bit += run.width) {
    values[i] = Step(run.width == 0 ? 0 : CodeAt(run, bit), steps);
  }
}

void DecodeCodes(std::span<const std::uint32_t> codes, std::uint32_t bias, Steps& steps,
                 double* values) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    values[i] = Step(std::uint64_t{codes[i]} + bias, steps);
  }
}

void Scale(std::span<const std::int64_t> integers, double divisor, double* values) {
  for (std::size_t i = 0; i < integers.size(); ++i) {
    values[i] = static_cast<double>(integers[i]) / divisor;
  }
}

void Add(std::span<const double> addends, double* values) { AddLoop(addends, values); }
void Correct(std::span<const double> corrections, double* values) {
  CorrectLoop(corrections, values);
}
void UndoZigZag(std::span<std::int64_t> codes) { UndoZigZagLoop(codes); }
void Fill(double value, std::span<double> values) { FillLoop(value, values); }

void Expand(const unsigned char* bitmap, const double* changed, std::span<double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    changed += (bitmap[i / 8] >> (i & 7)) & 1;
    values[i] = *changed;
  }
}

void Select(const unsigned char* bitmap, const double* changed, std::span<double> values) {
  const double unchanged = changed[0];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_set = ((bitmap[i / 8] >> (i & 7)) & 1) != 0;
    changed += is_set ? 1 : 0;
    values[i] = is_set ? *changed : unchanged;
  }
}

constexpr Kernels kPortable = {.unpack = Unpack,
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

std::atomic<const Kernels*>& Current() {
  static std::atomic<const Kernels*> current{Avx2Kernels() != nullptr ? Avx2Kernels() : &kPortable};
  return current;
}

}  // namespace

const Kernels& PortableKernels() { return kPortable; }

// Relaxed: what the pointer leads to is constant.
const Kernels& CurrentKernels() { return *Current().load(std::memory_order_relaxed); }

const Kernels& UseKernels(const Kernels& kernels) {
  return *Current().exchange(&kernels, std::memory_order_relaxed);
}

}  // namespace narthex::chunk
