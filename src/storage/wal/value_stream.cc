#include "value_stream.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "columns.h"
#include "decimal.h"
#include "model/sample.h"

namespace narthex::wal {
namespace {

// First bytes of a value that has changed: a step of one, two or three bytes, or one of the others.
// Steps are shifted: those of counters go up.
constexpr std::int64_t kStep1Shift = 48;
constexpr std::int64_t kStep2Shift = 3072;
constexpr std::int64_t kStep3Shift = 131'072;
constexpr unsigned kStep2 = 0xc0;
constexpr unsigned kStep3 = 0xe8;
constexpr unsigned kStepWide = 0xf0;  // and 3 to 7 bytes of the zigzag code
constexpr unsigned kExponent = 0xf5;  // the exponent of this row from here on, and a step
constexpr unsigned kStale = 0xf6;     // the staleness marker
constexpr unsigned kRaw = 0xf7;       // bits that differ
// The exponent of rows whose values are no decimals, so that this is not tried each time.
constexpr std::uint8_t kNoExponent = 15;

constexpr std::size_t kBlockLength = 64;
constexpr std::size_t kValueSizeMax = 12;  // exponent and its byte, raw, its byte, 8 bytes

std::uint64_t Bits(double value) { return std::bit_cast<std::uint64_t>(value); }

char* PutByte(char* at, std::uint64_t byte) {
  *at = static_cast<char>(byte);
  return at + 1;
}

char* PutStep(char* at, std::int64_t step) {
  const auto one = static_cast<std::uint64_t>(step + kStep1Shift);
  if (one < kStep2) return PutByte(at, one);
  const auto two = static_cast<std::uint64_t>(step + kStep2Shift);
  if (two < (kStep3 - kStep2) << 8) return PutByte(PutByte(at, kStep2 + (two >> 8)), two);
  const auto three = static_cast<std::uint64_t>(step + kStep3Shift);
  if (three < (kStepWide - kStep3) << 16) {
    return PutByte(PutByte(PutByte(at, kStep3 + (three >> 16)), three >> 8), three);
  }
  const std::uint64_t wide = ZigZag(step);
  const int size = std::max(3, (static_cast<int>(std::bit_width(wide)) + 7) / 8);
  at = PutByte(at, kStepWide + static_cast<unsigned>(size) - 3);
  for (int i = 0; i < size; ++i) at = PutByte(at, wide >> (8 * i));
  return at;
}

char* PutRaw(char* at, std::uint64_t difference) {
  const int lead = std::countl_zero(difference) / 8;
  const int trail = std::countr_zero(difference) / 8;
  const int size = 8 - lead - trail;
  at = PutByte(PutByte(at, kRaw), static_cast<unsigned>(lead << 4 | size));
  for (int i = 0; i < size; ++i) at = PutByte(at, difference >> (8 * (trail + i)));
  return at;
}

// Which bytes of the mask are not zero, and these.
char* PutMask(char* at, std::uint64_t mask) {
  std::uint64_t present = 0;
  char* const head = at++;
  for (unsigned i = 0; i < 8; ++i) {
    const std::uint64_t byte = mask >> (8 * i) & 0xff;
    if (byte == 0) continue;
    present |= std::uint64_t{1} << i;
    at = PutByte(at, byte);
  }
  PutByte(head, present);
  return at;
}

// A base that is no decimal of this exponent counts as 0.
std::int64_t BaseDecimal(double base, int exponent) {
  return ToDecimal(base, exponent).value_or(0);
}

std::uint8_t FitExponent(double value, int from) {
  for (int exponent = from; exponent <= kExponentMax; ++exponent) {
    if (ToDecimal(value, exponent)) return static_cast<std::uint8_t>(exponent);
  }
  return kNoExponent;
}

// `value` differs from `base`.
char* PutValue(char* at, double value, double base, std::uint8_t& exponent) {
  if (exponent <= kExponentMax) {
    if (const auto decimal = ToDecimal(value, exponent)) {
      return PutStep(at, *decimal - BaseDecimal(base, exponent));
    }
  }
  if (Bits(value) == Bits(model::StaleNan())) return PutByte(at, kStale);
  if (exponent <= kExponentMax && std::isfinite(value)) {
    exponent = FitExponent(value, exponent + 1);
    at = PutByte(PutByte(at, kExponent), exponent);
    if (exponent <= kExponentMax) {
      return PutStep(at, *ToDecimal(value, exponent) - BaseDecimal(base, exponent));
    }
  }
  return PutRaw(at, Bits(value) ^ Bits(base));
}

// Reads what the functions above write; is at the end after an error.
class ValueReader {
 public:
  explicit ValueReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return is_ok_; }
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  std::uint64_t ReadByte() {
    if (at_ == end_) {
      is_ok_ = false;
      return 0;
    }
    return static_cast<unsigned char>(*at_++);
  }

  std::uint64_t ReadMask() {
    const std::uint64_t present = ReadByte();
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < 8; ++i) {
      if ((present >> i & 1) != 0) mask |= ReadByte() << (8 * i);
    }
    return mask;
  }

  double ReadValue(double base, std::uint8_t& exponent) {
    std::uint64_t first = ReadByte();
    if (first == kExponent) {
      const std::uint64_t next = ReadByte();
      if (next > kExponentMax && next != kNoExponent) return Fail();
      exponent = static_cast<std::uint8_t>(next);
      first = ReadByte();
    }
    if (first == kStale) return model::StaleNan();
    if (first == kRaw) return ReadRaw(base);
    if (first >= kExponent || exponent > kExponentMax) return Fail();
    const auto decimal = static_cast<std::uint64_t>(BaseDecimal(base, exponent)) + ReadStep(first);
    return FromDecimal(static_cast<std::int64_t>(decimal), exponent);
  }

 private:
  double Fail() {
    is_ok_ = false;
    return 0;
  }

  std::uint64_t ReadStep(std::uint64_t first) {
    if (first < kStep2) return first - static_cast<std::uint64_t>(kStep1Shift);
    if (first < kStep3) {
      const std::uint64_t low = ReadByte();
      return ((first - kStep2) << 8 | low) - static_cast<std::uint64_t>(kStep2Shift);
    }
    if (first < kStepWide) {
      const std::uint64_t middle = ReadByte();
      const std::uint64_t low = ReadByte();
      return ((first - kStep3) << 16 | middle << 8 | low) - static_cast<std::uint64_t>(kStep3Shift);
    }
    std::uint64_t wide = 0;
    const std::uint64_t size = first - kStepWide + 3;
    for (std::uint64_t i = 0; i < size; ++i) wide |= ReadByte() << (8 * i);
    return static_cast<std::uint64_t>(UnZigZag(wide));
  }

  double ReadRaw(double base) {
    const std::uint64_t shape = ReadByte();
    const std::uint64_t lead = shape >> 4;
    const std::uint64_t size = shape & 15;
    if (size == 0 || lead + size > 8) return Fail();
    std::uint64_t difference = 0;
    for (std::uint64_t i = 0; i < size; ++i) difference |= ReadByte() << (8 * i);
    return std::bit_cast<double>(Bits(base) ^ difference << (8 * (8 - lead - size)));
  }

  const char* at_;
  const char* const end_;
  bool is_ok_ = true;
};

// Where a walk over the samples is in the rows.
class RowWalk {
 public:
  explicit RowWalk(RowSizes sizes) : sizes_(sizes) {}

  // To the next sample; whether it begins a row.
  bool Step() {
    if (left_ > 0) {
      --left_;
      return false;
    }
    ++row_;
    if (!sizes_.empty()) left_ = sizes_[row_] - 1;
    return true;
  }
  std::size_t row() const { return row_; }

 private:
  const RowSizes sizes_;
  std::size_t row_ = static_cast<std::size_t>(-1);
  std::uint32_t left_ = 0;
};

}  // namespace

std::size_t ValuesSizeMax(std::size_t count) {
  return count * kValueSizeMax + (count + kBlockLength - 1) / kBlockLength * 9;
}

void PutValues(std::string& out, std::span<const double> values, RowSizes sizes,
               ValueBases& bases) {
  const std::size_t old_size = out.size();
  out.resize(old_size + ValuesSizeMax(values.size()));
  char* at = out.data() + old_size;
  RowWalk walk(sizes);
  for (std::size_t begin = 0; begin < values.size(); begin += kBlockLength) {
    const std::size_t count = std::min(kBlockLength, values.size() - begin);
    // A row of one sample has its base and exponent where the sample is.
    std::array<double, kBlockLength> walked_bases;
    std::array<std::size_t, kBlockLength> walked_rows;
    const double* base = bases.values.data() + begin;
    if (!sizes.empty()) {
      for (std::size_t i = 0; i < count; ++i) {
        const bool is_first = walk.Step();
        walked_rows[i] = walk.row();
        walked_bases[i] = is_first ? bases.values[walk.row()] : values[begin + i - 1];
      }
      base = walked_bases.data();
    }
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < count; ++i) {
      mask |= std::uint64_t{Bits(base[i]) != Bits(values[begin + i])} << i;
    }
    at = PutMask(at, mask);
    for (; mask != 0; mask &= mask - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(mask));
      const std::size_t row = sizes.empty() ? begin + i : walked_rows[i];
      at = PutValue(at, values[begin + i], base[i], bases.exponents[row]);
    }
  }
  out.resize(static_cast<std::size_t>(at - out.data()));
}

bool ReadValues(std::string_view& bytes, RowSizes sizes, ValueBases& bases,
                std::span<double> values) {
  ValueReader reader(bytes);
  RowWalk walk(sizes);
  if (sizes.empty()) std::ranges::copy(bases.values, values.begin());
  for (std::size_t begin = 0; begin < values.size(); begin += kBlockLength) {
    const std::size_t end = std::min(begin + kBlockLength, values.size());
    std::uint64_t mask = reader.ReadMask();
    if (end - begin < kBlockLength && mask >> (end - begin) != 0) return false;
    if (sizes.empty()) {
      for (; mask != 0; mask &= mask - 1) {
        const std::size_t i = begin + static_cast<std::size_t>(std::countr_zero(mask));
        values[i] = reader.ReadValue(values[i], bases.exponents[i]);
      }
    }
    for (std::size_t i = begin; i < end && !sizes.empty(); ++i, mask >>= 1) {
      const double base = walk.Step() ? bases.values[walk.row()] : values[i - 1];
      values[i] = (mask & 1) == 0 ? base : reader.ReadValue(base, bases.exponents[walk.row()]);
    }
    if (!reader.ok()) return false;
  }
  bytes = reader.rest();
  return true;
}

std::uint32_t BasesHash(const ValueBases& bases) {
  // Each step is a bijection of the state, so no single difference can vanish before the fold.
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;
  std::uint64_t state = 0;
  for (std::size_t i = 0; i < bases.size(); ++i) {
    if (bases.are_known[i] == 0) continue;
    const std::uint64_t input = Bits(bases.values[i]) + (std::uint64_t{bases.exponents[i]} << 52);
    state = std::rotl((state ^ input) * kFactor, 31);
  }
  return static_cast<std::uint32_t>(state ^ state >> 32);
}

}  // namespace narthex::wal
