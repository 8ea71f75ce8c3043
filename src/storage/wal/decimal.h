// Doubles as integers divided by a power of ten, to the last bit.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

namespace narthex::wal {

// More decimals than exporters write.
inline constexpr int kExponentMax = 12;
// Differences of integers below this stay far from overflow.
inline constexpr std::int64_t kDecimalLimit = std::int64_t{1} << 51;

inline constexpr std::array<double, kExponentMax + 1> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

inline double FromDecimal(std::int64_t decimal, int exponent) {
  const auto integer = static_cast<double>(decimal);
  return exponent == 0 ? integer : integer / kPowersOfTen[static_cast<std::size_t>(exponent)];
}

// The integer x with x / 10^exponent == value to the last bit and |x| < 2^51, if there is one.
inline std::optional<std::int64_t> ToDecimal(double value, int exponent) {
  const double scaled = value * kPowersOfTen[static_cast<std::size_t>(exponent)];
  // Also false for NaN.
  if (!(std::fabs(scaled) < static_cast<double>(kDecimalLimit))) return std::nullopt;
  // Half away from zero without a call to the library; the check below decides.
  const double half = exponent == 0 ? 0 : std::copysign(0.5, scaled);
  const auto decimal = static_cast<std::int64_t>(scaled + half);
  if (std::bit_cast<std::uint64_t>(FromDecimal(decimal, exponent)) !=
      std::bit_cast<std::uint64_t>(value)) {
    return std::nullopt;
  }
  return decimal;
}

}  // namespace narthex::wal
