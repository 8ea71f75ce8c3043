#include "bit_codes.h"

#include <algorithm>
#include <array>

namespace narthex::promblock {
namespace {

// Width of the number behind a prefix of as many ones as the index says.
constexpr std::array<unsigned, 5> kTimeWidths = {0, 14, 17, 20, 64};
constexpr std::array<unsigned, 9> kCodeWidths = {0, 3, 6, 9, 12, 18, 25, 56, 64};
// A new window has 5 bits for the count of leading zeros.
constexpr unsigned kLeadingMax = 31;

// Numbers of `width` bits reach from -(2^(width-1) - 1) to 2^(width-1): one above two's complement.
std::int64_t ReadOfWidth(BitReader& bits, unsigned width) {
  const std::uint64_t value = bits.Read(width);
  if (width < 64 && width > 0 && value > std::uint64_t{1} << (width - 1)) {
    return static_cast<std::int64_t>(value - (std::uint64_t{1} << width));
  }
  return static_cast<std::int64_t>(value);
}

bool Fits(std::int64_t value, unsigned width) {
  if (width == 64) return true;
  if (width == 0) return value == 0;
  const std::int64_t half = std::int64_t{1} << (width - 1);
  return value > -half && value <= half;
}

bool FitsUnsigned(std::uint64_t value, unsigned width) {
  return width == 64 || value >> width == 0;
}

// The prefix of `ones` ones and, unless it is the longest, a zero.
template <std::size_t kCount>
void WritePrefix(BitWriter& bits, unsigned ones, const std::array<unsigned, kCount>& widths) {
  const bool is_longest = ones + 1 == widths.size();
  const std::uint64_t all = (std::uint64_t{1} << ones) - 1;
  bits.Write(is_longest ? all : all << 1, is_longest ? ones : ones + 1);
}

template <std::size_t kCount>
void WriteSigned(BitWriter& bits, std::int64_t value, const std::array<unsigned, kCount>& widths) {
  unsigned ones = 0;
  while (!Fits(value, widths[ones])) ++ones;
  WritePrefix(bits, ones, widths);
  bits.Write(static_cast<std::uint64_t>(value), widths[ones]);
}

}  // namespace

std::int64_t ReadTimeCode(BitReader& bits) {
  return ReadOfWidth(bits, kTimeWidths[bits.ReadPrefix(4)]);
}

void WriteTimeCode(BitWriter& bits, std::int64_t value) { WriteSigned(bits, value, kTimeWidths); }

std::int64_t ReadSignedCode(BitReader& bits) {
  return ReadOfWidth(bits, kCodeWidths[bits.ReadPrefix(8)]);
}

std::uint64_t ReadUnsignedCode(BitReader& bits) {
  return bits.Read(kCodeWidths[bits.ReadPrefix(8)]);
}

void WriteSignedCode(BitWriter& bits, std::int64_t value) { WriteSigned(bits, value, kCodeWidths); }

void WriteUnsignedCode(BitWriter& bits, std::uint64_t value) {
  unsigned ones = 0;
  while (!FitsUnsigned(value, kCodeWidths[ones])) ++ones;
  WritePrefix(bits, ones, kCodeWidths);
  bits.Write(value, kCodeWidths[ones]);
}

void XorWriter::WriteFirst(BitWriter& bits, double value) {
  last_ = std::bit_cast<std::uint64_t>(value);
  bits.Write(last_, 64);
}

void XorWriter::Write(BitWriter& bits, double value) {
  const auto next = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t difference = next ^ last_;
  last_ = next;
  if (difference == 0) return bits.Write(0, 1);
  const unsigned leading =
      std::min(static_cast<unsigned>(std::countl_zero(difference)), kLeadingMax);
  const auto trailing = static_cast<unsigned>(std::countr_zero(difference));
  if (has_window_ && leading >= window_.leading && trailing >= window_.trailing) {
    bits.Write(0b10, 2);
    bits.Write(difference >> window_.trailing, 64 - window_.leading - window_.trailing);
    return;
  }
  window_ = {leading, trailing};
  has_window_ = true;
  const unsigned count = 64 - leading - trailing;
  bits.Write(0b11, 2);
  bits.Write(leading, 5);
  bits.Write(count & 63, 6);  // 64 is written as 0
  bits.Write(difference >> trailing, count);
}

}  // namespace narthex::promblock
