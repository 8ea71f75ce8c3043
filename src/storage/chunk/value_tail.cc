#include "chunk/value_tail.h"

#include <bit>
#include <cstdlib>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "decimal.h"

namespace narthex::chunk {
namespace {

// The two low bits of a token.
enum Token : std::uint64_t {
  kRepeat = 0,    // the value before, so many times more
  kStep = 1,      // zigzag difference to the decimal before
  kRawValue = 2,  // eight bytes follow
  kExponent = 3,  // steps count in 10^-e from here on, from 0
};
// After so many raw values in a row only every 16th is tried as a decimal of another exponent.
constexpr std::uint8_t kRawStreakMin = 4;

// Reads a token, nearly all of which are of one or two bytes. False if it ends early or is too
// long.
inline bool TakeToken(std::string_view bytes, std::size_t& at, std::uint64_t& token) {
  const auto byte_at = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (at >= bytes.size()) return false;
  token = byte_at(at++);
  if (token < 0x80) return true;
  token &= 0x7f;
  for (unsigned shift = 7; shift < 64; shift += 7) {
    if (at == bytes.size()) return false;
    const std::uint64_t byte = byte_at(at++);
    // The tenth byte has room for one bit only.
    if (shift == 63 && byte > 1) return false;
    token |= (byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

void ValueTail::Append(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if (count_ > 0 && bits == last_bits_) {
    ++count_;
    ++repeat_count_;
    return;
  }
  if (repeat_count_ > 0) {
    Put(std::uint64_t{repeat_count_} << 2 | kRepeat);
    repeat_count_ = 0;
  }
  ++count_;
  last_bits_ = bits;
  if (AppendDecimal(value)) {
    raw_streak_ = 0;
    return;
  }
  ++raw_streak_;
  PutRaw(bits);
}

bool ValueTail::AppendDecimal(double value) {
  auto decimal = ToDecimal(value, exponent_);
  if (!decimal) {
    if (raw_streak_ >= kRawStreakMin && (raw_streak_ & 15) != 0) return false;
    int exponent = exponent_ + 1;
    while (exponent <= kExponentMax && !(decimal = ToDecimal(value, exponent))) ++exponent;
    if (!decimal) return false;
    exponent_ = static_cast<std::uint8_t>(exponent);
    last_decimal_ = 0;
    Put(static_cast<std::uint64_t>(exponent) << 2 | kExponent);
  }
  Put(ZigZag(*decimal - last_decimal_) << 2 | kStep);
  last_decimal_ = *decimal;
  return true;
}

void ValueTail::Reserve(std::size_t size) {
  if (size_ + size <= capacity_) return;
  // Small steps: with many series what lies unused counts more than a few more calls.
  const std::size_t want = size_ + size;
  const std::size_t capacity = want <= 24 ? 24 : (want + want / 4 + 15) / 16 * 16 + 8;
  auto* bytes = static_cast<char*>(std::realloc(bytes_, capacity));
  NARTHEX_CHECK(bytes != nullptr, "memory for the samples of a series");
  bytes_ = bytes;
  capacity_ = static_cast<std::uint32_t>(capacity);
}

void ValueTail::Put(std::uint64_t token) {
  Reserve(10);
  while (token >= 0x80) {
    bytes_[size_++] = static_cast<char>(token | 0x80);
    token >>= 7;
  }
  bytes_[size_++] = static_cast<char>(token);
}

void ValueTail::PutRaw(std::uint64_t bits) {
  Reserve(9);
  bytes_[size_++] = static_cast<char>(kRawValue);
  for (int shift = 0; shift < 64; shift += 8) {
    bytes_[size_++] = static_cast<char>((bits >> shift) & 0xff);
  }
}

void ValueTail::Clear() {
  std::free(bytes_);
  bytes_ = nullptr;
  last_bits_ = 0;
  last_decimal_ = 0;
  size_ = capacity_ = repeat_count_ = 0;
  count_ = 0;
  exponent_ = raw_streak_ = 0;
}

void ValueTail::CopyTo(Snapshot& snapshot) const {
  snapshot.tokens.assign(bytes_ == nullptr ? "" : bytes_, size_);
  snapshot.repeat_count = repeat_count_;
  snapshot.count = count_;
}

void ValueTail::Decode(std::span<double> values) const {
  NARTHEX_CHECK(values.size() <= count_, "a tail gives no more than it holds");
  const Status decoded =
      Decode(std::string_view(bytes_ == nullptr ? "" : bytes_, size_), repeat_count_, values);
  NARTHEX_CHECK(decoded.ok(), "a tail reads what it wrote");
}

Status ValueTail::Decode(std::string_view tokens, std::uint32_t repeat_count,
                         std::span<double> values) {
  static const Error damaged{ErrorCode::kCorruption, "the open end of a series is malformed"};
  std::size_t read = 0;  // of the tokens' bytes
  std::size_t at = 0;
  double last = 0;
  std::uint64_t decimal = 0;
  int exponent = 0;
  while (at < values.size() && read < tokens.size()) {
    std::uint64_t token = 0;
    if (!TakeToken(tokens, read, token)) return damaged;
    switch (token & 3) {
      case kRepeat:
        if (at == 0) return damaged;
        for (std::uint64_t left = token >> 2; left > 0 && at < values.size(); --left) {
          values[at++] = last;
        }
        break;
      case kStep:
        decimal += static_cast<std::uint64_t>(UnZigZag(token >> 2));
        last = FromDecimal(static_cast<std::int64_t>(decimal), exponent);
        values[at++] = last;
        break;
      case kRawValue: {
        ByteReader raw(tokens.substr(read));
        const auto bits = raw.ReadLittleEndian64();
        if (!bits) return damaged;
        read += raw.offset();
        last = std::bit_cast<double>(*bits);
        values[at++] = last;
        break;
      }
      case kExponent:
        if (token >> 2 > kExponentMax) return damaged;
        exponent = static_cast<int>(token >> 2);
        decimal = 0;
        break;
    }
  }
  if (values.size() - at > repeat_count || (at == 0 && !values.empty())) return damaged;
  while (at < values.size()) values[at++] = last;
  return Ok();
}

}  // namespace narthex::chunk
