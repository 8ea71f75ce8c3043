// Numbers as text and back: shortest form that reads back as the same double.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace narthex {

// How Go's strconv writes a double, which users see everywhere; NaN, +Inf and -Inf as these words.
enum class FloatFormat {
  kPlain,    // never an exponent: 1e21 is "1000000000000000000000" (Go 'f', -1)
  kCompact,  // exponent below 1e-4 and from 1e6 on: "1e-05", "1.5e+06" (Go 'g', -1)
  kApi,      // exponent below 1e-6 and from 1e21 on; the numbers of the HTTP API: "1e-07"
};

std::string FormatDouble(double value, FloatFormat format = FloatFormat::kCompact);
// The same, appended to `out` without a temporary.
void AppendDouble(std::string& out, double value, FloatFormat format = FloatFormat::kCompact);

// Decimal and hexadecimal floats, "inf", "infinity" and "nan" in any case, a sign before each;
// nothing before or after. Values too large give infinity; empty if malformed.
// Source: Go's strconv.ParseFloat, without underscores.
std::optional<double> ParseDouble(std::string_view text);

// Decimal, a sign allowed; empty if malformed or out of range.
std::optional<std::int64_t> ParseInt64(std::string_view text);
std::optional<std::uint64_t> ParseUint64(std::string_view text);

}  // namespace narthex
