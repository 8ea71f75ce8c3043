#include "model/duration.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>

#include "model/labels.h"

namespace narthex::model {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
  bool only_if_exact;
};

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr Unit kUnits[] = {
    {"y", 365 * kDayMs, true}, {"w", 7 * kDayMs, true}, {"d", kDayMs, false},
    {"h", kDayMs / 24, false}, {"m", 60'000, false},    {"s", 1000, false},
    {"ms", 1, false},
};
// Upstream counts in nanoseconds of 64 bits.
constexpr std::int64_t kLongestMs = std::numeric_limits<std::int64_t>::max() / 1'000'000;

Error Malformed(std::string_view text) {
  return {ErrorCode::kInvalidArgument, fmt::format("not a valid duration string: {}", Quote(text))};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits at the front of `rest`, taken off; empty if they are too many for any unit.
std::optional<std::int64_t> TakeNumber(std::string_view& rest) {
  std::int64_t number = 0;
  bool fits = true;
  while (!rest.empty() && IsDigit(rest.front())) {
    fits = fits && number <= kLongestMs;
    if (fits) number = number * 10 + (rest.front() - '0');
    rest.remove_prefix(1);
  }
  return fits ? std::optional(number) : std::nullopt;
}

std::string_view TakeUnitName(std::string_view& rest) {
  std::size_t size = 0;
  while (size < rest.size() && !IsDigit(rest[size])) ++size;
  const std::string_view name = rest.substr(0, size);
  rest.remove_prefix(size);
  return name;
}

}  // namespace

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) return Error{ErrorCode::kInvalidArgument, "empty duration string"};
  std::int64_t total_ms = 0;
  bool in_range = true;
  std::string_view rest = text;
  const Unit* next = std::begin(kUnits);
  while (!rest.empty()) {
    if (!IsDigit(rest.front())) return Malformed(text);
    const auto number = TakeNumber(rest);
    const std::string_view name = TakeUnitName(rest);
    while (next != std::end(kUnits) && next->name != name) ++next;
    if (next == std::end(kUnits)) return Malformed(text);
    in_range = in_range && number && *number <= (kLongestMs - total_ms) / next->ms;
    if (in_range) total_ms += *number * next->ms;
    ++next;
  }
  if (!in_range) return Error{ErrorCode::kOutOfRange, "duration out of range"};
  return std::chrono::milliseconds(total_ms);
}

Result<std::chrono::milliseconds> ParseSignedDuration(std::string_view text) {
  if (!text.starts_with('-') && !text.starts_with('+')) return ParseDuration(text);
  NARTHEX_ASSIGN_OR_RETURN(const auto magnitude, ParseDuration(text.substr(1)));
  return text.front() == '-' ? -magnitude : magnitude;
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0s";
  std::string out = duration.count() < 0 ? "-" : "";
  // Unsigned, so that the least value has a magnitude.
  auto rest = static_cast<std::uint64_t>(duration.count());
  if (duration.count() < 0) rest = -rest;
  for (const Unit& unit : kUnits) {
    const auto unit_ms = static_cast<std::uint64_t>(unit.ms);
    if (unit.only_if_exact && rest % unit_ms != 0) continue;
    if (rest >= unit_ms) out += fmt::format("{}{}", rest / unit_ms, unit.name);
    rest %= unit_ms;
  }
  return out;
}

}  // namespace narthex::model
