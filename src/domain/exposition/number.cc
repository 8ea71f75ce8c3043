#include "number.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/number.h"
#include "exposition/value.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::exposition {
namespace {

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
  if (const auto plain = ParsePlainValue(text)) return *plain;
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
