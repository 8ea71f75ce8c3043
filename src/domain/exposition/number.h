// Values of samples: text to double, fast.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::exposition {

// Decimal floats, and inf, infinity, nan in any case; any NaN becomes model::kNormalNanBits.
// Errors: kInvalidArgument  malformed or out of range, in the words of Go's strconv
Result<double> ParseValue(std::string_view text);

// How OpenMetrics writes a number: as Go's 'g' with the shortest digits, with a fraction or
// exponent.
std::string FormatOpenMetricsFloat(double value);

// `text` with the escapes \\ and \n, and \" where it is a quoted string, put back. Appends to
// `out`.
enum class Quotes { kEscaped, kPlain };
void AppendUnescaped(std::string& out, std::string_view text, Quotes quotes);

}  // namespace narthex::exposition
