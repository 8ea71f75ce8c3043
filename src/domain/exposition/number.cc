#include "number.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/number.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::exposition {
namespace {

// Up to these both factors are exact doubles, so that one division rounds right (Clinger's fast
// path).
constexpr std::uint64_t kExactMantissaMax = std::uint64_t{1} << 53;
// Of 10, all exact.
constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
// 18 digits cannot overflow 64 bits.
constexpr std::size_t kFastSizeMax = 18;

// Digits with at most one point between or beside them; empty for everything else.
std::optional<double> ParsePlain(std::string_view text) {
  if (text.empty() || text.size() > kFastSizeMax) return std::nullopt;
  std::uint64_t mantissa = 0;
  std::size_t digit_count = 0;
  std::size_t fraction_size = 0;
  bool has_point = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
      ++digit_count;
      if (has_point) ++fraction_size;
    } else if (c == '.' && !has_point) {
      has_point = true;
    } else {
      return std::nullopt;
    }
  }
  if (digit_count == 0 || mantissa > kExactMantissaMax) return std::nullopt;
  return static_cast<double>(mantissa) / kPowersOfTen[fraction_size];
}

Error ParseFloatError(std::string_view text, std::string_view reason) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("strconv.ParseFloat: parsing {}: {}", model::Quote(text), reason)};
}

bool IsHexadecimal(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text.starts_with("0x") || text.starts_with("0X");
}

}  // namespace

Result<double> ParseValue(std::string_view text) {
  if (const auto plain = ParsePlain(text)) return *plain;
  if (text.find_first_of("pP_") != std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument, "unsupported character in float"};
  }
  const auto value = ParseDouble(text);
  if (!value || IsHexadecimal(text)) return ParseFloatError(text, "invalid syntax");
  if (std::isnan(*value)) return std::bit_cast<double>(model::kNormalNanBits);
  const bool says_infinity = text.find_first_of("iI") != std::string_view::npos;
  if (std::isinf(*value) && !says_infinity) return ParseFloatError(text, "value out of range");
  return *value;
}

std::string FormatOpenMetricsFloat(double value) {
  std::string text = FormatDouble(value);
  const bool is_word = std::isnan(value) || std::isinf(value);
  if (!is_word && text.find_first_of("e.") == std::string::npos) text += ".0";
  return text;
}

void AppendUnescaped(std::string& out, std::string_view text, Quotes quotes) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' &&
        (next == '\\' || next == 'n' || (next == '"' && quotes == Quotes::kEscaped))) {
      out += next == 'n' ? '\n' : next;
      ++i;
    } else {
      out += text[i];
    }
  }
}

}  // namespace narthex::exposition
