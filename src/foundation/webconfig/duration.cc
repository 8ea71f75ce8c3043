#include "duration.h"

#include <algorithm>

#include "base/number.h"

namespace narthex::webconfig {
namespace {

// The longest first where one begins with another.
constexpr std::pair<std::string_view, double> kUnits[] = {
    {"ns", 1},   {"us", 1e3}, {"\xC2\xB5s", 1e3}, {"\xCE\xBCs", 1e3},
    {"ms", 1e6}, {"s", 1e9},  {"m", 60e9},        {"h", 3600e9}};
constexpr double kLongestNs = 9.2e18;

}  // namespace

std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text) {
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  double sum_ns = 0;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = size == 0 ? std::nullopt : ParseDouble(text.substr(0, size));
    if (!number) return std::nullopt;
    text.remove_prefix(size);
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const auto& known) {
      return text.starts_with(known.first);
    });
    if (unit == std::end(kUnits)) return std::nullopt;
    text.remove_prefix(unit->first.size());
    sum_ns += *number * unit->second;
  }
  if (sum_ns > kLongestNs) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(sum_ns));
}

}  // namespace narthex::webconfig
