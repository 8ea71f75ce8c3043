// Doubles as integers times a power of ten, where that is exact.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace narthex::chunk {

// 10^0 to 10^15 are exact as doubles, and a quotient of two exact doubles is rounded once: that is
// what makes x / 10^e the double nearest to the decimal.
inline constexpr std::array<double, 16> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
inline constexpr int kExponentMax = 15;
// Below 2^51 integers convert exactly and differences of differences stay far from overflow.
inline constexpr std::int64_t kDecimalLimit = std::int64_t{1} << 51;

inline double FromDecimal(std::int64_t decimal, int exponent) {
  return static_cast<double>(decimal) / kPowersOfTen[static_cast<std::size_t>(exponent)];
}

// The integer x with x / 10^exponent == value to the last bit and |x| < 2^51, if there is one.
inline std::optional<std::int64_t> ToDecimal(double value, int exponent) {
  const double scaled = value * kPowersOfTen[static_cast<std::size_t>(exponent)];
  // Also false for NaN.
  if (!(std::fabs(scaled) < static_cast<double>(kDecimalLimit))) return std::nullopt;
  // Half away from zero without a call to the library: the sum is exact enough, the check below
  // decides.
  const auto decimal = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  if (decimal >= kDecimalLimit || decimal <= -kDecimalLimit) return std::nullopt;
  if (std::bit_cast<std::uint64_t>(FromDecimal(decimal, exponent)) !=
      std::bit_cast<std::uint64_t>(value)) {
    return std::nullopt;
  }
  return decimal;
}

// The same for exponent 0, without a division.
inline std::optional<std::int64_t> ToInteger(double value) {
  if (!(std::fabs(value) < static_cast<double>(kDecimalLimit))) return std::nullopt;
  const auto integer = static_cast<std::int64_t>(value);
  // By bits: -0 is no integer.
  if (std::bit_cast<std::uint64_t>(static_cast<double>(integer)) !=
      std::bit_cast<std::uint64_t>(value)) {
    return std::nullopt;
  }
  return integer;
}

// The bits of a double as an integer of the same order; its own inverse.
inline std::int64_t OrderedBits(std::int64_t bits) { return bits ^ ((bits >> 63) & INT64_MAX); }
inline std::int64_t ToOrderedBits(double value) {
  return OrderedBits(std::bit_cast<std::int64_t>(value));
}
inline double FromOrderedBits(std::int64_t ordered) {
  return std::bit_cast<double>(OrderedBits(ordered));
}

inline std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace narthex::chunk
