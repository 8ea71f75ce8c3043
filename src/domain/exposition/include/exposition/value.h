// The values of most samples, read where they are used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace narthex::exposition {

// Plain decimals with an exponent or without, as far as they can be read exactly with one
// multiplication or division (Clinger's fast path). Empty for everything else, malformed or not.
inline std::optional<double> ParsePlainValue(std::string_view text) {
  // Up to these both factors are exact doubles.
  constexpr std::uint64_t kExactMantissaMax = std::uint64_t{1} << 53;
  constexpr int kExactExponentMax = 22;
  constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr std::size_t kDigitCountMax = 18;  // cannot overflow 64 bits

  const char* at = text.data();
  const char* const end = at + text.size();
  const bool is_negative = at != end && *at == '-';
  if (is_negative) ++at;
  std::uint64_t mantissa = 0;
  const auto read_digits = [&] {
    const char* const begin = at;
    for (; at != end; ++at) {
      const auto digit = static_cast<unsigned>(*at - '0');
      if (digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    return static_cast<std::size_t>(at - begin);
  };
  std::size_t digit_count = read_digits();
  int exponent = 0;
  if (at != end && *at == '.') {
    ++at;
    const std::size_t fraction_size = read_digits();
    digit_count += fraction_size;
    exponent = -static_cast<int>(fraction_size);
  }
  if (digit_count == 0 || digit_count > kDigitCountMax || mantissa > kExactMantissaMax) {
    return std::nullopt;
  }
  if (at != end) {
    // e+07: the form of Go; two digits at most are within the exact ones.
    const bool has_exponent = end - at >= 3 && end - at <= 4 && (*at == 'e' || *at == 'E') &&
                              (at[1] == '+' || at[1] == '-');
    if (!has_exponent) return std::nullopt;
    int power = 0;
    for (const char* digit = at + 2; digit != end; ++digit) {
      if (*digit < '0' || *digit > '9') return std::nullopt;
      power = power * 10 + (*digit - '0');
    }
    exponent += at[1] == '-' ? -power : power;
  }
  if (exponent > kExactExponentMax || exponent < -kExactExponentMax) return std::nullopt;
  const auto exact = static_cast<double>(mantissa);
  const double value =
      exponent < 0 ? exact / kPowersOfTen[-exponent] : exact * kPowersOfTen[exponent];
  return is_negative ? -value : value;
}

}  // namespace narthex::exposition
