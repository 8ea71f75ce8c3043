#include "config/size.h"

#include <fmt/format.h>

#include <cmath>

#include "base/number.h"

namespace narthex::config {
namespace {

constexpr std::string_view kUnits = "BKMGTPE";

// 1024^i for the unit's letter; empty for an unknown unit.
std::optional<std::uint64_t> UnitSize(std::string_view unit) {
  if (unit == "B") return 1;
  const bool is_short = unit.size() == 2 && unit[1] == 'B';
  const bool is_long = unit.size() == 3 && unit.substr(1) == "iB";
  const std::size_t power = unit.empty() ? std::string_view::npos : kUnits.find(unit.front());
  if ((!is_short && !is_long) || power == std::string_view::npos || power == 0) return std::nullopt;
  return std::uint64_t{1} << (10 * power);
}

bool IsNumberPart(char c) { return (c >= '0' && c <= '9') || c == '.'; }

}  // namespace

Result<std::uint64_t> ParseSize(std::string_view text) {
  if (text == "0") return std::uint64_t{0};
  double total = 0;
  std::string_view rest = text;
  if (rest.empty()) return Error{ErrorCode::kInvalidArgument, "units: invalid "};
  while (!rest.empty()) {
    std::size_t number_size = 0;
    while (number_size < rest.size() && IsNumberPart(rest[number_size])) ++number_size;
    const std::optional<double> number = ParseDouble(rest.substr(0, number_size));
    if (number_size == 0 || !number)
      return Error{ErrorCode::kInvalidArgument, fmt::format("units: invalid {}", text)};
    rest.remove_prefix(number_size);

    std::size_t unit_size = 0;
    while (unit_size < rest.size() && !IsNumberPart(rest[unit_size])) ++unit_size;
    const std::string_view unit = rest.substr(0, unit_size);
    const std::optional<std::uint64_t> factor = UnitSize(unit);
    if (!factor)
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("units: unknown unit {} in {}", unit, text)};
    total += *number * static_cast<double>(*factor);
    rest.remove_prefix(unit_size);
  }
  // The signed range, as upstream's; also keeps the conversion below defined.
  if (total >= 0x1p63)
    return Error{ErrorCode::kInvalidArgument, fmt::format("units: {} is too large", text)};
  return static_cast<std::uint64_t>(total);
}

std::string FormatSize(std::uint64_t size_bytes) {
  if (size_bytes == 0) return "0B";
  std::string text;
  for (std::size_t power = kUnits.size(); power-- > 0;) {
    const std::uint64_t unit = std::uint64_t{1} << (10 * power);
    if (size_bytes < unit) continue;
    text += std::to_string(size_bytes / unit);
    text += kUnits[power];
    if (power > 0) text += 'B';
    size_bytes %= unit;
  }
  return text;
}

}  // namespace narthex::config
