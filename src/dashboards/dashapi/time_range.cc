#include "time_range.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "base/number.h"

namespace narthex::dashapi {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using Instant = std::chrono::sys_time<milliseconds>;

// Far more than any range, and far from the end of the calendar.
constexpr std::int64_t kCountMax = 1'000'000;

enum class Unit { kMillisecond, kSecond, kMinute, kHour, kDay, kWeek, kMonth, kYear };

std::optional<Unit> TakeUnit(std::string_view& text) {
  if (text.starts_with("ms")) {
    text.remove_prefix(2);
    return Unit::kMillisecond;
  }
  constexpr std::string_view kLetters = "smhdwMy";
  const std::size_t index = text.empty() ? std::string_view::npos : kLetters.find(text.front());
  if (index == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  return static_cast<Unit>(index + 1);
}

milliseconds LengthOf(Unit unit) {
  switch (unit) {
    case Unit::kMillisecond:
      return milliseconds(1);
    case Unit::kSecond:
      return std::chrono::seconds(1);
    case Unit::kMinute:
      return std::chrono::minutes(1);
    case Unit::kHour:
      return std::chrono::hours(1);
    case Unit::kDay:
      return days(1);
    case Unit::kWeek:
    case Unit::kMonth:
    case Unit::kYear:
      return days(7);
  }
  return milliseconds(1);
}

// `month_count` months on; the 31st becomes the last day of a shorter month.
Instant AddMonths(Instant at, std::int64_t month_count) {
  const sys_days day = std::chrono::floor<days>(at);
  const year_month_day date = year_month_day(day) + std::chrono::months(month_count);
  const sys_days moved =
      date.ok() ? sys_days(date) : sys_days(date.year() / date.month() / std::chrono::last);
  return moved + (at - day);
}

Instant Add(Instant at, std::int64_t count, Unit unit) {
  if (unit == Unit::kMonth) return AddMonths(at, count);
  if (unit == Unit::kYear) return AddMonths(at, count * 12);
  return at + count * LengthOf(unit);
}

Instant RoundDown(Instant at, Unit unit) {
  const sys_days day = std::chrono::floor<days>(at);
  const year_month_day date(day);
  switch (unit) {
    case Unit::kWeek:
      return day - (std::chrono::weekday(day) - std::chrono::Monday);
    case Unit::kMonth:
      return sys_days(date.year() / date.month() / 1);
    case Unit::kYear:
      return sys_days(date.year() / 1 / 1);
    default:
      return at - (at.time_since_epoch() - days(day.time_since_epoch())) % LengthOf(unit);
  }
}

Error Malformed(std::string_view text) {
  return Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is no time", text.substr(0, 100)));
}

Result<TimestampMs> ParseRelative(std::string_view text, TimestampMs now, RangeEnd end) {
  const std::string_view whole = text;
  Instant at{milliseconds(now)};
  text.remove_prefix(3);
  while (!text.empty()) {
    const char sign = text.front();
    text.remove_prefix(1);
    if (sign == '/') {
      const auto unit = TakeUnit(text);
      if (!unit) return Malformed(whole);
      at = RoundDown(at, *unit);
      if (end == RangeEnd::kTo) at = Add(at, 1, *unit) - milliseconds(1);
      continue;
    }
    if (sign != '-' && sign != '+') return Malformed(whole);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count =
        digits == 0 ? std::optional<std::int64_t>(1) : ParseInt64(text.substr(0, digits));
    text.remove_prefix(digits);
    const auto unit = TakeUnit(text);
    if (!count || *count > kCountMax || !unit) return Malformed(whole);
    if (*unit >= Unit::kMonth && *count > 12'000) return Malformed(whole);
    at = Add(at, sign == '-' ? -*count : *count, *unit);
  }
  return at.time_since_epoch().count();
}

// "2026-01-31T23:59:59Z", with or without milliseconds.
Result<TimestampMs> ParseInstant(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return ParseInt64(text.substr(at, size));
  };
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text.back() != 'Z') {
    return Malformed(text);
  }
  const auto year = number(0, 4), month = number(5, 2), day = number(8, 2);
  const auto hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return Malformed(text);
  const year_month_day date{std::chrono::year(static_cast<int>(*year)),
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 ||
      *second > 60) {
    return Malformed(text);
  }
  std::int64_t millisecond = 0;
  if (text[19] == '.') {
    const auto fraction = ParseDouble(fmt::format("0{}", text.substr(19, text.size() - 20)));
    if (!fraction || *fraction >= 1) return Malformed(text);
    millisecond = static_cast<std::int64_t>(*fraction * 1000);
  } else if (text.size() != 20) {
    return Malformed(text);
  }
  const std::int64_t day_count = sys_days(date).time_since_epoch().count();
  return ((day_count * 24 + *hour) * 60 + *minute) * 60'000 + *second * 1000 + millisecond;
}

}  // namespace

Result<TimestampMs> ParseTime(std::string_view text, TimestampMs now, RangeEnd end) {
  if (text.starts_with("now")) return ParseRelative(text, now, end);
  if (const auto number = ParseInt64(text)) {
    // Year 9999: the calendar functions above go no further.
    constexpr std::int64_t kLimit = 253'402'300'799'999;
    if (*number < -kLimit || *number > kLimit) return Malformed(text);
    return *number;
  }
  return ParseInstant(text);
}

}  // namespace narthex::dashapi
